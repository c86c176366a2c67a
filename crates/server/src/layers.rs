//! What stands around every route: headers that keep browsers safe, time limits, caught panics, counted requests.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use crate::{Plane, Problem};

/// Time for an answer to begin. Streams and long polls begin at once or have a time of their own.
const ANSWER: Duration = Duration::from_secs(30);
/// Agents hold a question open until there is something to say.
const AGENT_ANSWER: Duration = Duration::from_secs(120);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const SAFE_HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Sets what a handler did not set by itself.
pub(crate) async fn safe_headers(State(plane): State<Plane>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let is_named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).is_some_and(is_public_name);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SAFE_HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    }
    // It holds for every port of a host: on `localhost` it would shut out what others run there.
    if is_named && !plane.options().insecure_http {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

fn is_public_name(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_address = name.starts_with('[') || name.parse::<std::net::IpAddr>().is_ok();
    !is_address && name != "localhost" && !name.ends_with(".localhost")
}

/// A panic is a defect of one request, not of the plane.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let limit = if request.uri().path().starts_with("/agent/") { AGENT_ANSWER } else { ANSWER };
    let path = request.uri().path().to_owned();
    let answer = std::panic::AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Problem::internal(format!("a handler of `{path}` panicked")).into_response(),
        Err(_) => {
            tracing::warn!(path, "no answer in time");
            let message = "the plane did not answer in time; try again in a moment";
            Problem { retry_after: Some(5), ..Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", message) }
                .into_response()
        }
    }
}

/// Counts and times by route, never by address: names of tenants are no labels.
pub(crate) async fn measure(State(plane): State<Plane>, request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let start = Instant::now();
    let response = next.run(request).await;
    plane.metrics().request(known(&method), &route, response.status(), start.elapsed());
    response
}

/// A method can be any word.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_a_name_of_its_own_is_kept_to_https() {
        for (host, is_public) in [
            ("rampart.example.org", true),
            ("rampart.example.org:8443", true),
            ("localhost:8443", false),
            ("127.0.0.1:8443", false),
            ("[::1]:8443", false),
            ("a.localhost", false),
        ] {
            assert_eq!(super::is_public_name(host), is_public, "{host}");
        }
    }
}
