//! What a text from outside must be before it is stored: present, not endless, and without characters that deceive a
//! reader of logs and tables.

use crate::failure::Failure;

/// # Errors
/// Empty, longer than `limit` characters, or with control characters.
pub(crate) fn text(field: &'static str, value: &str, limit: usize) -> Result<(), Failure> {
    if value.trim().is_empty() {
        return Err(Failure::invalid(field, format!("`{field}` is empty: give a text")));
    }
    optional(field, value, limit)
}

/// As [`text`], where nothing is an answer as well.
pub(crate) fn optional(field: &'static str, value: &str, limit: usize) -> Result<(), Failure> {
    if value.chars().count() > limit {
        return Err(Failure::invalid(field, format!("`{field}` is longer than {limit} characters: shorten it")));
    }
    if value.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return Err(Failure::invalid(field, format!("`{field}` has control characters: remove them")));
    }
    Ok(())
}

/// # Errors
/// Too many globs, or one of them is no text.
pub(crate) fn globs(field: &'static str, globs: &[String]) -> Result<(), Failure> {
    if globs.len() > 100 {
        return Err(Failure::invalid(field, format!("`{field}` has more than 100 entries: use `*`")));
    }
    globs.iter().try_for_each(|glob| text(field, glob, 253))
}

#[cfg(test)]
mod tests {
    use super::{globs, text};

    #[test]
    fn texts_are_bounded_and_plain() {
        assert!(text("reason", "it is\nfine", 20).is_ok());
        for (refused, why) in
            [("", "is empty"), ("  ", "is empty"), ("abcdef", "longer than 5"), ("a\u{1b}[m", "control")]
        {
            assert!(text("reason", refused, 5).unwrap_err().to_string().contains(why), "{refused:?}");
        }
        assert!(globs("clusters", &vec!["a".to_owned(); 101]).is_err());
    }
}
