//! Strong ETags for what the API answers: the content's hash, and 304 to whoever knows it already.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::Problem;

/// Answers beyond it go out as they come: nobody asks for them twice a minute.
const MOST_BYTES: u64 = 4 << 20;

/// A layer around the routes that are worth it; it must stand inside of compression.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let wants = request.method() == Method::GET;
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let length = http_body::Body::size_hint(response.body()).exact();
    let is_whole = length.is_some_and(|length| length <= MOST_BYTES);
    if !wants || response.status() != StatusCode::OK || !is_whole || response.headers().contains_key(header::ETAG) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let limit = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
    let content = match to_bytes(body, limit).await {
        Ok(content) => content,
        Err(error) => return Problem::internal(error).into_response(),
    };
    let hash: String = Sha256::digest(&content).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Compression follows, and other bytes need another tag.
    let tag = format!("\"{hash}{}\"", if takes_gzip(&headers) { "-gzip" } else { "" });
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if is_known(&headers, &tag) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(content))
}

/// Whether the asker has the content of this tag.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    asked
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|list| list.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        matches!(name.trim(), "gzip" | "*") && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_by_itself_among_others_and_weakly() {
        let headers = |text: &str| HeaderMap::from_iter([(header::IF_NONE_MATCH, text.parse().unwrap())]);
        for (asked, known) in
            [("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"b\"", false)]
        {
            assert_eq!(is_known(&headers(asked), "\"a\""), known, "{asked}");
        }
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
    }

    #[test]
    fn gzip_is_taken_where_it_is_named_and_not_refused() {
        let headers = |text: &str| HeaderMap::from_iter([(header::ACCEPT_ENCODING, text.parse().unwrap())]);
        for (asked, takes) in
            [("gzip", true), ("br, gzip;q=0.5", true), ("gzip;q=0", false), ("br", false), ("*", true)]
        {
            assert_eq!(takes_gzip(&headers(asked)), takes, "{asked}");
        }
    }
}
