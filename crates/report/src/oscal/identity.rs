//! Identifiers and texts as OSCAL wants them.

use uuid::Uuid;

use crate::text::visible;

/// The identifier of a thing of a kind, made from what names it.
pub(super) fn uuid(kind: &str, names: &[&str]) -> String {
    let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:rampart:oscal");
    // Lengths keep `a`, `bc` and `ab`, `c` apart.
    let named: String = names.iter().map(|name| format!("{}:{name}", name.len())).collect();
    Uuid::new_v5(&space, format!("{kind} {named}").as_bytes()).to_string()
}

/// A text that is not empty, has one line and no blanks around it.
pub(super) fn text(text: &str) -> String {
    let shown = visible(text);
    let shown = shown.trim();
    if shown.is_empty() { "(empty)".to_owned() } else { shown.to_owned() }
}

/// A name of letters, digits, `.`, `-` and `_` that begins with a letter.
pub(super) fn token(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => character,
            '/' => '.',
            _ => '-',
        })
        .collect();
    if plain.starts_with(|first: char| first.is_ascii_alphabetic()) { plain } else { format!("_{plain}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_of_version_five_and_keep_names_apart() {
        assert_eq!(uuid("a", &["b", "c"]), uuid("a", &["b", "c"]));
        assert_ne!(uuid("a", &["bc", ""]), uuid("a", &["b", "c"]));
        assert_eq!(uuid("a", &[]).as_bytes()[14], b'5');
        assert_eq!((token("rbac/read-secrets"), token("5.1 é")), ("rbac.read-secrets".into(), "_5.1--".into()));
        assert_eq!(text(" \n "), "\\n");
    }
}
