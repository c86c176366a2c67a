//! Text, borrowed or shared, and the text of values as JSON.

use std::borrow::Borrow;
use std::sync::Arc;

use super::{Error, Val};

/// A string that is borrowed from a document or shared.
#[derive(Debug, Clone)]
pub enum Text<'a> {
    Borrowed(&'a str),
    Shared(Arc<str>),
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<&str> for Text<'_> {
    fn from(text: &str) -> Self {
        Self::Shared(text.into())
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

/// A number as JSON writes it: shortest digits, an exponent only for the very large and the very small.
pub(in super::super) fn number_text(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        return if size >= 1e21 { text.replace('e', "e+") } else { text };
    }
    format!("{number}")
}

/// Writes values as compact JSON with sorted keys, up to `room` bytes.
pub(in super::super) struct Writer {
    pub text: String,
    pub room: usize,
    /// `<`, `>` and `&` become escapes, as Go's encoder has it.
    pub escapes_html: bool,
}

impl Writer {
    fn push(&mut self, text: &str) -> Result<(), Error> {
        if self.text.len() + text.len() > self.room {
            return Err(Error::Limit("output"));
        }
        self.text.push_str(text);
        Ok(())
    }

    /// # Errors
    /// The text is longer than there is room.
    pub(in super::super) fn value(&mut self, value: &Val<'_>) -> Result<(), Error> {
        match value {
            Val::Null => self.push("null"),
            Val::Bool(true) => self.push("true"),
            Val::Bool(false) => self.push("false"),
            Val::Number(number) if number.is_finite() => self.push(&number_text(*number)),
            Val::Number(_) => self.push("null"),
            Val::Text(text) => self.string(text),
            Val::List(list) => {
                for (position, item) in list.iter().enumerate() {
                    self.push(if position == 0 { "[" } else { "," })?;
                    self.value(&item)?;
                }
                self.push(if list.is_empty() { "[]" } else { "]" })
            }
            Val::Map(map) => {
                let entries = map.sorted();
                for (position, (key, value)) in entries.iter().enumerate() {
                    self.push(if position == 0 { "{" } else { "," })?;
                    self.string(key)?;
                    self.push(":")?;
                    self.value(value)?;
                }
                self.push(if entries.is_empty() { "{}" } else { "}" })
            }
        }
    }

    fn string(&mut self, text: &str) -> Result<(), Error> {
        let quoted = serde_json::Value::from(text).to_string();
        match self.escapes_html {
            true => self.push(&quoted.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")),
            false => self.push(&quoted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_json_does() {
        let cases = [
            (1.0, "1"),
            (1.5, "1.5"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-7, "1e-7"),
            (-0.5, "-0.5"),
            (0.0, "0"),
        ];
        for (number, text) in cases {
            assert_eq!(number_text(number), text);
        }
    }
}
