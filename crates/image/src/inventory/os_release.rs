//! `etc/os-release`: which distribution an image is of.

/// A distribution and its release.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Distribution {
    /// `ID`, such as `debian`.
    pub id: String,
    /// `VERSION_ID`, such as `12`; rolling distributions have none.
    pub version: Option<String>,
    pub codename: Option<String>,
    pub name: Option<String>,
}

impl Distribution {
    /// `debian-12`, as qualifiers of package URLs have it.
    pub fn release(&self) -> Option<String> {
        self.version.as_ref().map(|version| format!("{}-{version}", self.id))
    }
}

/// None where the file names no distribution.
pub fn read(bytes: &[u8]) -> Option<Distribution> {
    let text = String::from_utf8_lossy(bytes);
    let value = |wanted: &str| {
        let pair = |line: &str| {
            line.trim().split_once('=').filter(|(key, _)| *key == wanted).map(|(_, value)| unquoted(value))
        };
        // As in a shell, the last assignment counts.
        text.lines().filter_map(pair).next_back().filter(|value| !value.is_empty() && !value.contains(char::is_control))
    };
    Some(Distribution {
        id: value("ID")?.to_ascii_lowercase(),
        version: value("VERSION_ID"),
        codename: value("VERSION_CODENAME"),
        name: value("PRETTY_NAME"),
    })
}

/// A value without its quotes, and a character behind a backslash as it is.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inside = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut characters = inside.unwrap_or(value).chars();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        plain.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    plain
}
