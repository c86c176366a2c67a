//! Every route of the plane, and what stands around them.

use axum::Router;
use axum::response::IntoResponse;
use http::Uri;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{Plane, Problem, agents, auth, notify, reports};

#[derive(OpenApi)]
#[openapi(info(title = "Rampart", description = "The API of the Rampart plane."))]
struct Document;

/// The whole, ready to be served.
pub fn router(plane: Plane) -> Router {
    let (router, _) = assemble().split_for_parts();
    router.fallback(nothing).method_not_allowed_fallback(wrong_method).with_state(plane)
}

/// The document that describes the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    assemble().into_openapi()
}

fn assemble() -> OpenApiRouter<Plane> {
    let api = OpenApiRouter::new()
        .merge(auth::routes())
        .merge(agents::api())
        .merge(reports::routes())
        .merge(notify::routes());
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api).nest("/agent/v1", agents::routes())
}

async fn nothing(uri: Uri) -> impl IntoResponse {
    let path: String = uri.path().chars().take(200).collect();
    Problem::not_found(format!("there is nothing at `{path}`"))
}

async fn wrong_method() -> impl IntoResponse {
    Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "method", "this address does not take that method")
}
