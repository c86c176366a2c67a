//! What whoever starts the plane decided.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Parsed from the command line; cannot be wrong by itself.
#[derive(Debug, Clone)]
pub struct Options {
    /// Keys, certificates and, without a database URL, the store.
    pub data: PathBuf,
    pub listen: SocketAddr,
    /// `postgres://..`; none means SQLite below `data`. Not shown: it may hold a password.
    pub database: Option<DatabaseUrl>,
    /// Clusters that the plane reads itself.
    pub clusters: Vec<SourceWord>,
    /// A certificate chain and its key, both PEM; none means one of the plane's own.
    pub tls: Option<TlsFiles>,
    /// Where browsers and agents reach the plane.
    pub public_url: Option<String>,
    /// Settings files for the evaluations that the plane does itself.
    pub settings: Vec<PathBuf>,
    /// Plain HTTP. Refused by [`crate::serve`] on any but a loopback address.
    pub insecure_http: bool,
    /// How often a kube context that cannot be watched is read again.
    pub rescan: Duration,
    pub kubeconfig: Option<PathBuf>,
    /// Certificate authorities, in PEM, that are trusted for the identity provider beside the system's.
    pub identity_ca: Option<PathBuf>,
    /// The key that seals secrets in the store, as 64 hexadecimal digits; none means `seal.key` below `data`. Replicas share it.
    pub seal_key: Option<KeyText>,
}

/// A key as text.
#[derive(Clone)]
pub struct KeyText(String);

impl KeyText {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for KeyText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyText(..)")
    }
}

/// A database URL, which may hold a password.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseUrl(..)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// `NAME=SOURCE` of `--cluster`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceWord {
    pub name: String,
    /// A folder, file or snapshot, or `context:NAME`.
    pub source: String,
}

impl std::str::FromStr for SourceWord {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let (name, source) =
            word.split_once('=').ok_or_else(|| format!("`{word}` is not NAME=SOURCE, such as shop=./manifests"))?;
        check_cluster_name(name)?;
        if source.is_empty() {
            return Err(format!("`{word}` names no source: give a folder, a snapshot or `context:NAME`"));
        }
        Ok(Self { name: name.to_owned(), source: source.to_owned() })
    }
}

/// Names stand in addresses, metrics and file names.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub fn check_cluster_name(name: &str) -> Result<(), String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let begins_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if begins_well && name.len() <= 100 && name.bytes().all(fits) {
        return Ok(());
    }
    let shown: String = name.chars().take(80).collect();
    let shown = shown.escape_debug();
    Err(format!("`{shown}` is no name of a cluster: use 1 to 100 letters, digits, `-`, `.` and `_`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_word_has_a_plain_name_and_a_source() {
        let word: SourceWord = "shop=./a=b".parse().unwrap();
        assert_eq!((word.name.as_str(), word.source.as_str()), ("shop", "./a=b"));
        for wrong in ["shop", "=x", "-a=x", "a/b=x", "shop=", "<b>=x", "a b=x"] {
            assert!(wrong.parse::<SourceWord>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_database_url_does_not_show_its_password() {
        let shown = format!("{:?}", DatabaseUrl::new("postgres://a:secret@h/d"));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
