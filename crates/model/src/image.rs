//! Image references such as `nginx`, `ghcr.io/acme/app:1.2` or `registry:5000/a/b@sha256:..`, in parts and normalised as
//! container engines do it.

use std::fmt;

/// The registry that short names mean.
pub const DOCKER_HUB: &str = "docker.io";

/// A valid reference, borrowed from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageReference<'t> {
    /// Host and port; [`DOCKER_HUB`] where the text names none.
    pub registry: &'t str,
    /// True where the text leaves out the `library/` of an official Docker Hub image.
    is_official: bool,
    path: &'t str,
    pub tag: Option<&'t str>,
    pub digest: Option<&'t str>,
}

/// Why a text is no image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidReference {
    Empty,
    TooLong,
    Registry,
    Path,
    Tag,
    Digest,
    /// 64 hexadecimal digits: an identifier, which no registry knows.
    Identifier,
}

impl fmt::Display for InvalidReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::TooLong => "its name is longer than 255 characters",
            Self::Registry => "its registry is no host name with optional port",
            Self::Path => "its path has a part that is not of lower-case letters, digits and single separators",
            Self::Tag => "its tag is not of up to 128 letters, digits, `_`, `.` and `-`",
            Self::Digest => "its digest is not of the form `sha256:` and 64 hexadecimal digits",
            Self::Identifier => "it is the identifier of an image, not its name",
        })
    }
}

impl<'t> ImageReference<'t> {
    /// # Errors
    /// The first part that is not as the reference grammar wants it.
    pub fn parse(text: &'t str) -> Result<Self, InvalidReference> {
        if text.is_empty() {
            return Err(InvalidReference::Empty);
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        if digest.is_some_and(|digest| !is_digest(digest)) {
            return Err(InvalidReference::Digest);
        }
        // A colon before the last slash belongs to a port.
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(InvalidReference::Tag);
        }
        if name.len() > 255 {
            return Err(InvalidReference::TooLong);
        }
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if name.len() == 64 && name.bytes().all(is_hex) {
            return Err(InvalidReference::Identifier);
        }
        let (registry, path) = match name.split_once('/') {
            Some((host, path)) if is_host_like(host) => (host, path),
            _ => (DOCKER_HUB, name),
        };
        if !is_registry(registry) {
            return Err(InvalidReference::Registry);
        }
        if path.is_empty() || !path.split('/').all(is_path_part) {
            return Err(InvalidReference::Path);
        }
        let registry = canonical(registry);
        Ok(Self { registry, is_official: registry == DOCKER_HUB && !path.contains('/'), path, tag, digest })
    }

    /// The parts of the path behind the registry.
    pub fn path(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.is_official.then_some("library").into_iter().chain(self.path.split('/'))
    }

    /// Registry and path, without tag and digest.
    pub fn repository(&self) -> String {
        format!("{}{}{}", self.registry, if self.is_official { "/library/" } else { "/" }, self.path)
    }

    /// The tag that is pulled: `latest` where neither tag nor digest is given, none where the digest decides alone.
    pub fn pulled_tag(&self) -> Option<&'t str> {
        match (self.tag, self.digest) {
            (None, None) => Some("latest"),
            (tag, _) => tag,
        }
    }

    pub fn is_latest(&self) -> bool {
        self.digest.is_none() && self.pulled_tag() == Some("latest")
    }
}

impl fmt::Display for ImageReference<'_> {
    /// The full form: `docker.io/library/nginx:latest` for `nginx`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repository())?;
        if let Some(tag) = self.pulled_tag() {
            write!(f, ":{tag}")?;
        }
        self.digest.map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}

/// Docker Hub goes by several names.
pub fn canonical(registry: &str) -> &str {
    match registry {
        "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" | "registry.docker.io" => DOCKER_HUB,
        other => other,
    }
}

/// The first part of a name is a host where it could not be a path: with a dot, a port, or upper-case letters.
pub fn is_host_like(part: &str) -> bool {
    part == "localhost" || part.contains(['.', ':']) || part.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_registry(host: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let is_address = !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
        return is_address && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let is_label = |label: &str| {
        label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.split('.').all(is_label) && port.is_none_or(is_port)
}

/// Lower-case letters and digits, parted by one dot, one or two underscores, or any number of dashes.
fn is_path_part(part: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends_well = |byte: Option<u8>| byte.is_some_and(is_word);
    let mut separators = part.split(|character: char| character.is_ascii_lowercase() || character.is_ascii_digit());
    ends_well(part.bytes().next())
        && ends_well(part.bytes().next_back())
        && separators
            .all(|separator| matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&tag.len())
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let is_part = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let length = match algorithm {
        "sha256" => hex.len() == 64,
        "sha384" => hex.len() == 96,
        "sha512" => hex.len() == 128,
        _ => hex.len() >= 32,
    };
    algorithm.split(['-', '_', '+', '.']).all(is_part) && length && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn references_are_normalised() {
        for (text, full) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("nginx:1.27", "docker.io/library/nginx:1.27"),
            ("acme/app", "docker.io/acme/app:latest"),
            ("docker.io/nginx", "docker.io/library/nginx:latest"),
            ("index.docker.io/library/nginx:1", "docker.io/library/nginx:1"),
            ("localhost/app", "localhost/app:latest"),
            ("localhost:5000/app:2", "localhost:5000/app:2"),
            ("registry:5000/team/app", "registry:5000/team/app:latest"),
            ("ghcr.io/acme/app_x.y--z:v1.2.3-rc.1", "ghcr.io/acme/app_x.y--z:v1.2.3-rc.1"),
            ("[fd00::1]:5000/app:1", "[fd00::1]:5000/app:1"),
            ("Registry.Example/app:1", "Registry.Example/app:1"),
        ] {
            assert_eq!(ImageReference::parse(text).map(|image| image.to_string()), Ok(full.to_owned()), "{text}");
        }
        let both = format!("ghcr.io/acme/app:1.2@{DIGEST}");
        let image = ImageReference::parse(&both).unwrap();
        assert_eq!((image.tag, image.digest, image.to_string()), (Some("1.2"), Some(DIGEST), both.clone()));
        let only = format!("nginx@{DIGEST}");
        let image = ImageReference::parse(&only).unwrap();
        assert_eq!((image.pulled_tag(), image.is_latest()), (None, false));
    }

    #[test]
    fn what_no_engine_would_pull_is_refused() {
        for (text, why) in [
            ("", InvalidReference::Empty),
            ("Nginx", InvalidReference::Path),
            ("acme/App", InvalidReference::Path),
            ("ghcr.io/", InvalidReference::Path),
            ("ghcr.io//app", InvalidReference::Path),
            ("a..b", InvalidReference::Path),
            ("a___b", InvalidReference::Path),
            ("-a", InvalidReference::Path),
            ("nginx:", InvalidReference::Tag),
            ("nginx:-1", InvalidReference::Tag),
            ("nginx: 1", InvalidReference::Tag),
            ("nginx@sha256:abc", InvalidReference::Digest),
            ("nginx@", InvalidReference::Digest),
            ("-bad.example/app", InvalidReference::Registry),
            ("host:port/app", InvalidReference::Registry),
            ("https://registry.example/app", InvalidReference::Registry),
            ("{{ .Values.image }}", InvalidReference::Path),
            (DIGEST.trim_start_matches("sha256:"), InvalidReference::Identifier),
        ] {
            assert_eq!(ImageReference::parse(text), Err(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_full_form_reads_back_as_itself(
            registry in "([a-z][a-z0-9]{0,5}\\.[a-z]{2,5}(:[0-9]{2,4})?/)?",
            path in "[a-z0-9]{1,6}((_|__|-{1,3})[a-z0-9]{1,4}){0,2}(/[a-z0-9]{1,6}([._][a-z0-9]{1,3})?){0,3}",
            tag in "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,10})?",
            is_pinned in any::<bool>(),
        ) {
            let text = format!("{registry}{path}{tag}{}", if is_pinned { format!("@{DIGEST}") } else { String::new() });
            let image = ImageReference::parse(&text).unwrap();
            let full = image.to_string();
            let again = ImageReference::parse(&full).unwrap();
            prop_assert_eq!(again.to_string(), full.clone());
            prop_assert_eq!(again.repository(), image.repository());
            prop_assert_eq!(again.digest, image.digest);
        }

        #[test]
        fn any_text_is_taken_or_refused(text in "\\PC{0,80}") {
            if let Ok(image) = ImageReference::parse(&text) {
                prop_assert!(ImageReference::parse(&image.to_string()).is_ok());
            }
        }
    }
}
