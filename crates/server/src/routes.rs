//! Every route of the plane, and what stands around them.

use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    Plane, Problem, agents, auth, clusters, etag, events, findings, health, layers, limiter, metrics, notify, overview,
    reports, rules, trail, ui, waivers,
};

#[derive(OpenApi)]
#[openapi(info(title = "Rampart", description = "The API of the Rampart plane."))]
struct Document;

/// Bodies of people; agents' have a bound of their own.
const BODY_BYTES: usize = 1 << 20;

/// The whole, ready to be served.
pub fn router(plane: Plane) -> Router {
    let (router, document) = assemble().split_for_parts();
    let document = document.to_json().unwrap_or_default();
    router
        .route("/api/v1/openapi.json", get(move || std::future::ready(json(document.clone()))))
        .layer(middleware::from_fn(etag::layer))
        .layer(middleware::from_fn_with_state(plane.clone(), auth::record_denials))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::serve))
        .fallback(ui::serve)
        .method_not_allowed_fallback(wrong_method)
        .layer(
            CompressionLayer::new()
                .compress_when(SizeAbove::new(1024).and(NotForContentType::SSE).and(NotForContentType::IMAGES)),
        )
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn_with_state(plane.clone(), limiter::layer))
        .layer(middleware::from_fn(layers::guard))
        .layer(middleware::from_fn_with_state(plane.clone(), layers::measure))
        .layer(middleware::from_fn_with_state(plane.clone(), layers::safe_headers))
        .with_state(plane)
}

fn json(text: String) -> impl IntoResponse {
    ([(http::header::CONTENT_TYPE, "application/json")], text)
}

/// The document that describes the API, as it stands in `docs/schema`.
pub fn openapi_text() -> String {
    // Made of plain data, which JSON can always write.
    assemble().into_openapi().to_pretty_json().unwrap_or_default()
}

fn assemble() -> OpenApiRouter<Plane> {
    let api = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(agents::api())
        .merge(reports::routes())
        .merge(notify::routes())
        .merge(overview::routes())
        .merge(clusters::routes())
        .merge(findings::routes())
        .merge(rules::routes())
        .merge(waivers::routes())
        .merge(trail::routes())
        .merge(health::routes())
        .merge(events::routes());
    let mut all =
        OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api).nest("/agent/v1", agents::routes());
    name_operations(all.get_openapi_mut());
    all
}

/// Ids are unique in the whole document: names of functions, which utoipa takes, are so in their modules only.
fn name_operations(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
}

/// `get`, `/api/v1/findings/{cluster}/{fingerprint}` to `getFindingsByClusterByFingerprint`.
fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_owned();
    let words = path.split('/').filter(|part| !matches!(*part, "" | "api" | "v1"));
    for part in words.flat_map(|part| part.split(['-', '.', '_'])) {
        let (by, word) = match part.strip_prefix('{') {
            Some(word) => ("By", word.trim_end_matches('}')),
            None => ("", part),
        };
        id.push_str(by);
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id
}

async fn wrong_method() -> impl IntoResponse {
    Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "method", "this address does not take that method")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn operations_are_named_by_method_and_path_and_only_once() {
        let id = super::operation_id("get", "/api/v1/findings/{cluster}/{fingerprint}");
        assert_eq!(id, "getFindingsByClusterByFingerprint");
        let document: serde_json::Value = serde_json::from_str(&super::openapi_text()).unwrap();
        let ids = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
        let ids: Vec<&str> = ids.filter_map(|operation| operation["operationId"].as_str()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
        assert!(ids.len() > 60, "{}", ids.len());
    }
}
