//! Where the browser goes after sign-in: a path of this plane, never another site.

/// `wanted` where it is a plain path of this plane, else the home page. Browsers take `//host`, `/\host` and paths with tabs or
/// line breaks for other sites.
pub fn checked(wanted: Option<&str>) -> &str {
    match wanted {
        Some(path) if plain(path) => path,
        _ => "/",
    }
}

fn plain(path: &str) -> bool {
    let mut bytes = path.bytes();
    path.len() <= 2048
        && bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        // Back into the API would answer with JSON, or sign in again for ever.
        && !path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn a_path_of_the_plane_is_kept() {
        for path in ["/", "/findings?severity=high&q=a%20b#top", "/clusters/prod-1"] {
            assert_eq!(checked(Some(path)), path);
        }
    }

    #[test]
    fn anything_else_becomes_the_home_page() {
        for path in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nset-cookie: x=y",
            "evil.example",
            "/\u{2028}",
            "/a\\b",
            " /",
            "/api/v1/auth/oidc/start",
        ] {
            assert_eq!(checked(Some(path)), "/", "{path:?}");
        }
        assert_eq!(checked(None), "/");
    }
}
