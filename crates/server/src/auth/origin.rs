//! Whether a request that changes something comes from the plane's own pages. Two walls: browsers say where a request comes
//! from (`Origin`, `Sec-Fetch-Site`), and the caller proves with a header that it could read the session (`x-rampart-csrf`).

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method, Uri};

use rampart_store::{Secret, session};

pub const CSRF: &str = "x-rampart-csrf";

/// Why a request was not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// The browser says that another site sent it.
    Origin,
    /// The header that proves knowledge of the session is missing or wrong.
    Csrf,
}

/// Methods that change nothing.
pub fn safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The value that `GET session` tells and `x-rampart-csrf` must repeat.
pub fn csrf(secret: &Secret) -> Secret {
    session::csrf(secret)
}

/// Where the plane's own pages live.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// The address that the plane was told to be reached at. The host that a request names counts as well: a session's cookie
    /// comes only with the host that set it.
    pub public_url: Option<&'a str>,
    /// `https`, or `http` where the plane was told to speak it on a loopback address.
    pub scheme: &'a str,
}

/// Checks a request that carries a session cookie.
pub fn check(method: &Method, uri: &Uri, headers: &HeaderMap, own: Own<'_>, session: &Secret) -> Result<(), Foreign> {
    if safe(method) {
        return Ok(());
    }
    check_sender(uri, headers, own)?;
    let told = headers.get(CSRF).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if csrf(session).is(told) { Ok(()) } else { Err(Foreign::Csrf) }
}

/// Checks only what the browser says: for signing in, where there is no session yet.
pub fn check_sender(uri: &Uri, headers: &HeaderMap, own: Own<'_>) -> Result<(), Foreign> {
    if let Some(origin) = headers.get(ORIGIN) {
        let origin = origin.to_str().map_err(|_| Foreign::Origin)?;
        let is_public = own.public_url.is_some_and(|url| same_origin(origin, url));
        let is_host =
            || host(uri, headers).is_some_and(|host| same_origin(origin, &format!("{}://{host}", own.scheme)));
        return if is_public || is_host() { Ok(()) } else { Err(Foreign::Origin) };
    }
    match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Foreign::Origin),
    }
}

/// The host that the client asked for: HTTP/2 has it in the request line, HTTP/1.1 in a header.
pub fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    uri.authority().map(http::uri::Authority::as_str).or_else(|| headers.get(HOST)?.to_str().ok())
}

fn same_origin(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let uri: Uri = text.parse().ok()?;
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let port = uri.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
        Some((scheme, uri.host()?.to_ascii_lowercase(), port))
    };
    parts(one).is_some_and(|one| parts(other).is_some_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    const OWN: Own<'static> = Own { public_url: None, scheme: "https" };

    fn checked(pairs: &[(&'static str, &str)], public_url: Option<&str>) -> Result<(), Foreign> {
        check_sender(&Uri::from_static("/x"), &request(pairs), Own { public_url, ..OWN })
    }

    #[test]
    fn a_request_from_the_plane_itself_passes() {
        assert_eq!(checked(&[("host", "plane:8443"), ("origin", "https://plane:8443")], None), Ok(()));
        assert_eq!(checked(&[("host", "plane"), ("origin", "https://PLANE:443")], None), Ok(()));
        let public = Some("https://plane.example/");
        assert_eq!(checked(&[("host", "10.0.0.1"), ("origin", "https://plane.example")], public), Ok(()));
        assert_eq!(checked(&[("host", "10.0.0.1"), ("origin", "https://10.0.0.1")], public), Ok(()));
        assert_eq!(checked(&[("host", "plane"), ("sec-fetch-site", "same-origin")], None), Ok(()));
        assert_eq!(checked(&[("host", "plane")], None), Ok(()), "a program, not a browser");
        let headers = request(&[("host", "127.0.0.1:80"), ("origin", "http://127.0.0.1:80")]);
        assert_eq!(check_sender(&Uri::from_static("/x"), &headers, Own { scheme: "http", ..OWN }), Ok(()));
    }

    #[test]
    fn a_request_from_another_site_is_foreign() {
        for origin in [
            "https://evil.example",
            "http://plane",
            "https://plane:444",
            "null",
            "https://plane.evil.example",
            "https://plane@evil",
            "",
        ] {
            assert_eq!(checked(&[("host", "plane"), ("origin", origin)], None), Err(Foreign::Origin), "{origin}");
        }
        assert_eq!(checked(&[("host", "plane"), ("sec-fetch-site", "cross-site")], None), Err(Foreign::Origin));
        assert_eq!(checked(&[("host", "plane"), ("sec-fetch-site", "same-site")], None), Err(Foreign::Origin));
    }

    #[test]
    fn an_unsafe_method_needs_the_header_of_its_own_session() {
        let (session, other) = (Secret::presented("one"), Secret::presented("two"));
        let (uri, right, wrong) = (Uri::from_static("/x"), csrf(&session), csrf(&other));
        let with = |value: &str| check(&Method::POST, &uri, &request(&[(CSRF, value)]), OWN, &session);
        assert_eq!(with(right.expose()), Ok(()));
        assert_eq!(with(wrong.expose()), Err(Foreign::Csrf));
        assert_eq!(with(""), Err(Foreign::Csrf));
        assert_eq!(check(&Method::DELETE, &uri, &request(&[]), OWN, &session), Err(Foreign::Csrf));
        assert_eq!(check(&Method::GET, &uri, &request(&[]), OWN, &session), Ok(()));
    }
}
