//! URLs as Go's `net/url` reads them, which is what the API server calls a URL: an absolute URI or an absolute path.

use std::fmt::Write as _;

/// A URL in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    pub scheme: String,
    user: Option<String>,
    /// With brackets and port.
    pub host: String,
    pub escaped_path: String,
    /// As it is written, without the question mark.
    query: String,
    fragment: String,
}

impl Url {
    /// # Errors
    /// What the text lacks to be a URL.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        // A request's URI has no fragment: what stands behind `#` must be in order there too.
        Self::read(text, true)?;
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        unescape(fragment, &[]).ok_or("a `%` is not followed by two hexadecimal digits")?;
        let url = Self::read(rest, false)?;
        Ok(Self { fragment: fragment.to_owned(), ..url })
    }

    fn read(text: &str, of_request: bool) -> Result<Self, &'static str> {
        if text.bytes().any(|byte| byte < 0x20 || byte == 0x7F) {
            return Err("it has a control character");
        }
        if text.is_empty() && of_request {
            return Err("it is empty");
        }
        let (scheme, rest) = scheme(text)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut url = Self {
            scheme: scheme.to_ascii_lowercase(),
            user: None,
            host: String::new(),
            escaped_path: String::new(),
            query: query.to_owned(),
            fragment: String::new(),
        };
        if text == "*" {
            url.escaped_path = text.to_owned();
            return Ok(url);
        }
        if !rest.starts_with('/') {
            return if !scheme.is_empty() {
                // Opaque, such as `mailto:a@b`: neither host nor path.
                Ok(url)
            } else if of_request {
                Err("it is neither an absolute URI nor an absolute path")
            } else if rest.split('/').next().is_some_and(|first| first.contains(':')) {
                Err("the first part of its path has a colon")
            } else {
                url.set_path(rest)
            };
        }
        let has_authority = !scheme.is_empty() || (!of_request && !rest.starts_with("///"));
        match rest.strip_prefix("//").filter(|_| has_authority) {
            Some(rest) => {
                let (authority, path) =
                    rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
                let (user, host) = match authority.rsplit_once('@') {
                    Some((user, host)) => (Some(user), host),
                    None => (None, authority),
                };
                if !user.is_none_or(is_user) {
                    return Err("its user part has a character that must be escaped");
                }
                url.user = user.map(str::to_owned);
                url.host = read_host(host)?;
                url.set_path(path)
            }
            None => url.set_path(rest),
        }
    }

    fn set_path(mut self, path: &str) -> Result<Self, &'static str> {
        let plain = unescape(path, &[]).ok_or("a `%` is not followed by two hexadecimal digits")?;
        let is_escaped = path
            .bytes()
            .all(|byte| is_path_byte(byte) || matches!(byte, b'%' | b'!' | b'\'' | b'(' | b')' | b'*' | b'[' | b']'));
        self.escaped_path = if is_escaped { path.to_owned() } else { escape(&plain) };
        Ok(self)
    }

    /// Without brackets and port.
    pub fn hostname(&self) -> &str {
        let host = self.split_port().0;
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    /// The port, or nothing.
    pub fn port(&self) -> &str {
        self.split_port().1
    }

    fn split_port(&self) -> (&str, &str) {
        match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (&self.host, ""),
        }
    }

    /// How many pairs of key and value the query may have.
    pub(crate) fn pairs(&self) -> usize {
        self.query.matches('&').count() + 1
    }

    /// Keys and their values in the order of the text; what is badly escaped is left out.
    pub fn query(&self) -> Vec<(String, Vec<String>)> {
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for pair in self.query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let text = |part: &str| {
                let bytes = unescape(&part.replace('+', " "), &[])?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            };
            let Some((key, value)) = text(key).zip(text(value)) else { continue };
            let place = *places.entry(key.clone()).or_insert(found.len());
            match found.get_mut(place) {
                Some((_, values)) => values.push(value),
                None => found.push((key, vec![value])),
            }
        }
        found
    }
}

/// The scheme before the first colon, if the text begins with one.
fn scheme(text: &str) -> Result<(&str, &str), &'static str> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("its scheme is missing"),
            b':' => {
                let (scheme, rest) = text.split_at_checked(at).unwrap_or((text, ""));
                return Ok((scheme, rest.get(1..).unwrap_or_default()));
            }
            _ => return Ok(("", text)),
        }
    }
    Ok(("", text))
}

fn is_user(user: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    user.bytes().all(allowed) && unescape(user, &[]).is_some()
}

fn read_host(host: &str) -> Result<String, &'static str> {
    let is_port = |port: &str| {
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if host.starts_with('[') {
        let end = host.rfind(']').ok_or("its host lacks a closing bracket")?;
        if !host.get(end + 1..).is_some_and(is_port) {
            return Err("its port is no number");
        }
    } else if !host.rfind(':').and_then(|at| host.get(at..)).is_none_or(is_port) {
        return Err("its port is no number");
    }
    let allowed = |byte: u8| byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&byte);
    if !host.bytes().all(allowed) {
        return Err("its host has a character that no host has");
    }
    // Of ASCII only the zone's `%25` may be escaped in a host.
    let bytes = unescape(host, b"%").ok_or("its host has a bad escape")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The bytes that percent signs stand for; with `only` of ASCII no others than these.
fn unescape(text: &str, only: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let escaped = digit()? * 16 + digit()?;
        if !only.is_empty() && escaped < 0x80 && !only.contains(&escaped) {
            return None;
        }
        bytes.push(escaped);
    }
    Some(bytes)
}

fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte)
}

fn escape(path: &[u8]) -> String {
    let mut escaped = String::with_capacity(path.len());
    for byte in path {
        if is_path_byte(*byte) {
            escaped.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
