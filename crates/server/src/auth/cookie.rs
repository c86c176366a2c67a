//! Cookies of the plane. The `__Host-` prefix makes browsers refuse them without `Secure`, with a domain or with another path,
//! so that neither a neighbouring host nor plain HTTP can plant one.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use rampart_store::Secret;

pub const SESSION: &str = "__Host-rampart-session";
pub const SIGN_IN: &str = "__Host-rampart-sign-in";

/// The value of a cookie. None where it is absent or sent twice with different values: somebody planted one.
pub fn read(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let mut found: Option<&str> = None;
    let pairs = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    for pair in pairs {
        let Some((key, value)) = pair.trim().split_once('=') else { continue };
        if key != name || value.is_empty() {
            continue;
        }
        if found.is_some_and(|earlier| earlier != value) {
            return None;
        }
        found = Some(value);
    }
    found.map(Secret::presented)
}

/// A `Set-Cookie` value; none where the value could not be sent. `Lax`, since the browser comes back from the identity
/// provider by a link from another site and must bring the cookie along.
pub fn set(name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    let mut header =
        HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"))
            .ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// Makes the browser forget a cookie.
pub fn clear(name: &str) -> Option<HeaderValue> {
    set(name, "", 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let found = read(&headers(&["a=1; __Host-rampart-session=abc; b=2"]), SESSION);
        assert_eq!(found.unwrap().expose(), "abc");
    }

    #[test]
    fn a_name_that_only_ends_the_same_is_another_cookie() {
        assert!(read(&headers(&["x__Host-rampart-session=abc"]), SESSION).is_none());
    }

    #[test]
    fn two_values_for_one_cookie_are_none() {
        assert!(read(&headers(&["__Host-rampart-session=a", "__Host-rampart-session=b"]), SESSION).is_none());
    }

    #[test]
    fn a_set_cookie_cannot_be_read_by_scripts_or_sent_in_clear() {
        let header = set(SESSION, "abc", 60).unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-rampart-session=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"
        );
        assert!(header.is_sensitive());
    }
}
