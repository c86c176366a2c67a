//! The web UI's files, out of the program itself: hashed names are kept for ever, the page is asked for each time.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};

use crate::Problem;

/// A file of `ui/dist`.
struct File {
    /// Below `dist`.
    name: &'static str,
    /// Of the content.
    tag: &'static str,
    plain: &'static [u8],
    /// The content in gzip.
    packed: &'static [u8],
}

mod files {
    use super::File;

    include!(concat!(env!("OUT_DIR"), "/ui_files.rs"));
}

const PAGE: &str = "index.html";
/// What stands at `/` where the UI was not built.
const WITHOUT: &str = include_str!("ui/without.html");

/// Answers what no route takes: a file of the UI, or its page for every view's address.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_api = ["api/", "agent/"].iter().any(|prefix| path.starts_with(prefix)) || path == "api" || path == "agent";
    if is_api {
        let shown: String = uri.path().chars().take(200).collect();
        return Problem::not_found(format!("there is nothing at `{shown}`")).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "this address takes GET only").into_response();
    }
    if let Some(file) = find(path) {
        return file.respond(&method, &headers);
    }
    // A view's address has no extension; a script that is gone must not be answered with a page.
    let is_view = !path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    match find(PAGE) {
        Some(page) if is_view || accepts_html(&headers) => page.respond(&method, &headers),
        None if path.is_empty() || (is_view && accepts_html(&headers)) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], WITHOUT).into_response()
        }
        _ => Problem::not_found("there is no such page").into_response(),
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn find(name: &str) -> Option<&'static File> {
    files::FILES.iter().find(|file| file.name == name)
}

/// Whether the program holds a UI.
pub(crate) fn is_built() -> bool {
    find(PAGE).is_some()
}

impl File {
    fn respond(&self, method: &Method, headers: &HeaderMap) -> Response {
        let takes_gzip = crate::etag::takes_gzip(headers) && self.packed.len() < self.plain.len();
        let tag = format!("\"{}{}\"", self.tag, if takes_gzip { "-gzip" } else { "" });
        // The build puts a hash of the content into the names of what lies in `assets`.
        let caching = if self.name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        let mut response = if crate::etag::is_known(headers, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let content = if takes_gzip { self.packed } else { self.plain };
            let body = if *method == Method::HEAD { Body::empty() } else { Body::from(content) };
            let mut response = Response::new(body);
            let all = response.headers_mut();
            all.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(self.name)));
            all.insert(header::CONTENT_LENGTH, HeaderValue::from(content.len()));
            if takes_gzip {
                all.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response
        };
        let all = response.headers_mut();
        all.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        all.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            all.insert(header::ETAG, tag);
        }
        response
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
