//! One assertion of a case: how many violations there are, of those whose message fits.

use std::fmt;

use regex::Regex;
use serde_json::Value as Tree;

/// How many violations count as right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Some,
    None,
    Exactly(u64),
}

pub(super) struct Assertion {
    wanted: Wanted,
    message: Option<Regex>,
}

impl Assertion {
    /// That there is no violation.
    pub(super) fn none() -> Self {
        Self { wanted: Wanted::None, message: None }
    }

    pub(super) fn read(tree: &Tree) -> Result<Self, String> {
        let wanted = match tree.get("violations") {
            None | Some(Tree::Null | Tree::Bool(true)) => Wanted::Some,
            Some(Tree::Bool(false)) => Wanted::None,
            Some(Tree::Number(number)) => {
                Wanted::Exactly(number.as_u64().ok_or_else(|| format!("`violations: {number}` is no count"))?)
            }
            Some(Tree::String(word)) => match word.as_str() {
                "yes" => Wanted::Some,
                "no" => Wanted::None,
                other => return Err(format!("`violations: {other}` is neither yes, nor no, nor a number")),
            },
            Some(other) => return Err(format!("`violations: {other}` is neither yes, nor no, nor a number")),
        };
        let message = tree.get("message").and_then(Tree::as_str).map(Regex::new).transpose();
        let message = message.map_err(|error| format!("the message is no regular expression: {error}"))?;
        Ok(Self { wanted, message })
    }

    pub(super) fn count(&self, messages: &[&str]) -> usize {
        let fits = |message: &&&str| self.message.as_ref().is_none_or(|pattern| pattern.is_match(message));
        messages.iter().filter(fits).count()
    }

    pub(super) fn holds(&self, count: usize) -> bool {
        match self.wanted {
            Wanted::Some => count > 0,
            Wanted::None => count == 0,
            Wanted::Exactly(wanted) => u64::try_from(count) == Ok(wanted),
        }
    }
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wanted {
            Wanted::Some => f.write_str("yes")?,
            Wanted::None => f.write_str("no")?,
            Wanted::Exactly(count) => write!(f, "{count}")?,
        }
        self.message.as_ref().map_or(Ok(()), |message| write!(f, " of `{message}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_are_counted_as_words_or_numbers() {
        for (tree, counts) in [
            (serde_json::json!({"violations": "yes"}), [false, true, true]),
            (serde_json::json!({"violations": "no"}), [true, false, false]),
            (serde_json::json!({"violations": 2}), [false, false, true]),
            (serde_json::json!({"message": "a"}), [false, true, true]),
        ] {
            let assertion = Assertion::read(&tree).unwrap();
            assert_eq!([0, 1, 2].map(|count| assertion.holds(count)), counts, "{tree}");
        }
        assert!(Assertion::read(&serde_json::json!({"violations": "maybe"})).is_err());
        assert!(Assertion::read(&serde_json::json!({"message": "("})).is_err());
    }
}
