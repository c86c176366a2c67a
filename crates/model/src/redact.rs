//! The one place where secrets are kept out of what leaves the program.

use std::borrow::Cow;

use crate::document::Value;

/// What stands where a secret was.
pub const MASK: &str = "(redacted)";

/// A secret that was found: its length class and kind are known, its value is gone. There is no way back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redacted {
    /// What it looks like, such as `aws access key`.
    pub looks_like: String,
}

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {MASK}", self.looks_like)
    }
}

/// True where `value` lies in the payload of a Secret.
pub fn holds_secret(value: Value<'_>) -> bool {
    let root = value.document().root();
    root.text_at(&["kind"]).is_some_and(|kind| kind == "Secret" || kind.ends_with("List"))
        && value
            .path()
            .0
            .iter()
            .any(|step| matches!(step, crate::path::Step::Key(key) if key == "data" || key == "stringData"))
}

/// The words in a key that say its value is secret.
const SECRET_WORDS: [&str; 9] =
    ["password", "passwd", "secret", "token", "apikey", "api_key", "api-key", "private_key", "credential"];

/// A source line as it may be shown: values behind secret-looking keys masked, long lines cut.
pub fn excerpt(line: &str) -> String {
    let shown = match line.char_indices().nth(200) {
        Some((cut, _)) => line.get(..cut).unwrap_or_default(),
        None => line,
    };
    mask(shown).into_owned()
}

/// Masks what looks secret in `text`.
pub fn mask(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let Some(word) = SECRET_WORDS.iter().filter_map(|word| lower.find(word).map(|at| at + word.len())).min() else {
        return Cow::Borrowed(text);
    };
    // Everything behind the separator that follows the word goes: better too much than too little.
    let rest = text.get(word..).unwrap_or_default();
    match rest.find([':', '=']) {
        Some(separator) if !rest.get(separator + 1..).unwrap_or_default().trim().is_empty() => {
            Cow::Owned(format!("{} {MASK}", text.get(..=word + separator).unwrap_or_default()))
        }
        _ => Cow::Borrowed(text),
    }
}
