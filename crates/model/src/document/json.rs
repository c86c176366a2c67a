//! JSON (RFC 8259) to a [`Document`], strictly: no comments, no trailing commas, no lone surrogates.

use std::sync::Arc;

use super::build::Builder;
use super::{Document, Limits, Range, Tag};
use crate::source::{Diagnostic, SourceText, saturate};

pub(super) fn parse(source: Arc<SourceText>, limits: &Limits) -> Result<Document, Diagnostic> {
    if source.text.len() > limits.bytes as usize {
        let message = format!("larger than {} bytes; split the file", limits.bytes);
        return Err(Diagnostic::lost(source.name.clone(), message));
    }
    let mut reader = Reader {
        bytes: source.text.as_bytes(),
        at: 0,
        builder: Builder::new(Arc::clone(&source), limits, source.text.len()),
    };
    let outcome = reader.document();
    let Reader { at, builder, .. } = reader;
    match outcome {
        Ok(()) => Ok(builder.finish(0)),
        Err(message) => Err(Diagnostic::at(&source, saturate(at), format!("not valid JSON: {message}"), true)),
    }
}

struct Reader<'s, 'l> {
    bytes: &'s [u8],
    at: usize,
    builder: Builder<'l>,
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Result<(), String> {
        self.space();
        self.value(Range::default())?;
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err("text after the end of the value; remove it".to_owned()),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn here(&self) -> u32 {
        saturate(self.at)
    }

    /// Recursion is bounded by the builder's depth limit.
    fn value(&mut self, key: Range) -> Result<(), String> {
        match self.peek() {
            Some(b'{') => self.object(key),
            Some(b'[') => self.array(key),
            Some(b'"') => {
                let start = self.here();
                let content = self.string()?;
                self.builder.scalar(Tag::String, key, content, Range { start, end: self.here() })
            }
            Some(b'-' | b'0'..=b'9') => self.number(key),
            Some(b't') => self.word("true", Tag::True, key),
            Some(b'f') => self.word("false", Tag::False, key),
            Some(b'n') => self.word("null", Tag::Null, key),
            Some(_) => Err("a value was expected here".to_owned()),
            None => Err("the text ends where a value was expected".to_owned()),
        }
    }

    fn word(&mut self, word: &str, tag: Tag, key: Range) -> Result<(), String> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err("a value was expected here".to_owned());
        }
        let start = self.here();
        self.at += word.len();
        self.builder.scalar(tag, key, Range::default(), Range { start, end: self.here() })
    }

    fn object(&mut self, key: Range) -> Result<(), String> {
        self.builder.open(Tag::Object, key, self.here())?;
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.builder.close(self.here());
            return Ok(());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err("a key in double quotes was expected here".to_owned());
            }
            let name = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err("`:` was expected after the key".to_owned());
            }
            self.at += 1;
            self.space();
            self.value(name)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    self.builder.close(self.here());
                    return Ok(());
                }
                _ => return Err("`,` or `}` was expected here".to_owned()),
            }
        }
    }

    fn array(&mut self, key: Range) -> Result<(), String> {
        self.builder.open(Tag::Array, key, self.here())?;
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            self.builder.close(self.here());
            return Ok(());
        }
        loop {
            self.space();
            self.value(Range::default())?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    self.builder.close(self.here());
                    return Ok(());
                }
                _ => return Err("`,` or `]` was expected here".to_owned()),
            }
        }
    }

    fn digits(&mut self) -> Result<(), String> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err("a digit was expected here".to_owned()) } else { Ok(()) }
    }

    fn number(&mut self, key: Range) -> Result<(), String> {
        let start = self.here();
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let literal = Range { start, end: self.here() };
        self.builder.scalar(Tag::Number, key, literal, literal)
    }

    /// Reads a string whose opening quote is next. Without escapes it stays a range of the source.
    fn string(&mut self) -> Result<Range, String> {
        self.at += 1;
        let start = self.at;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(offset) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)) else {
            return Err("a string that begins here does not end".to_owned());
        };
        self.at += offset;
        match self.peek() {
            Some(b'"') => {
                let range = Range { start: saturate(start), end: self.here() };
                self.at += 1;
                Ok(range)
            }
            Some(b'\\') => self.escaped_string(start),
            _ => Err("a control character in a string; write it as an escape".to_owned()),
        }
    }

    /// Continues a string at its first escape, decoding into the scratch text.
    fn escaped_string(&mut self, start: usize) -> Result<Range, String> {
        let mut decoded = self.bytes.get(start..self.at).unwrap_or_default().to_vec();
        loop {
            match self.peek() {
                None => return Err("a string does not end".to_owned()),
                Some(b'"') => {
                    self.at += 1;
                    let text = String::from_utf8(decoded).map_err(|_| "a string is not UTF-8".to_owned())?;
                    return Ok(self.builder.keep(&text));
                }
                Some(b'\\') => {
                    self.at += 1;
                    let character = self.escape()?;
                    decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(0..=0x1F) => return Err("a control character in a string; write it as an escape".to_owned()),
                Some(byte) => {
                    decoded.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let letter = self.peek().ok_or_else(|| "a string does not end".to_owned())?;
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err("an unknown escape in a string".to_owned()),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, String> {
        let lone = || "half of a surrogate pair in a string; write both halves".to_owned();
        let first = self.hex4()?;
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first).ok_or_else(lone);
        }
        if first >= 0xDC00 || self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
            return Err(lone());
        }
        self.at += 2;
        let second = self.hex4()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(lone());
        }
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or_else(lone)
    }

    fn hex4(&mut self) -> Result<u32, String> {
        let digits = self.bytes.get(self.at..self.at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        let value = digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| "four hexadecimal digits were expected after `\\u`".to_owned())?;
        self.at += 4;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Document, Diagnostic> {
        parse(Arc::new(SourceText::new("t.json", text)), &Limits::STANDARD)
    }

    #[test]
    fn nested_value_knows_its_path_and_place() {
        let document = read("{\"a\":\n [1, {\"b\": \"x\\u00e9\"}]}").unwrap();
        let value = document.root().get("a").unwrap().items().nth(1).unwrap().get("b").unwrap();
        assert_eq!(value.str(), Some("xé"));
        assert_eq!(value.path().to_string(), "a[1].b");
        assert_eq!((value.location().line, value.location().column), (2, 8));
    }

    #[test]
    fn last_duplicate_wins_and_the_first_is_reported() {
        let document = read(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(document.root().get("a").unwrap().i64(), Some(2));
        assert_eq!(document.root().entries().count(), 1);
        assert_eq!(document.notices().len(), 1);
    }

    #[test]
    fn bombs_and_broken_text_are_refused_with_a_place() {
        assert!(read(&"[".repeat(100_000)).unwrap_err().message.contains("nested deeper"));
        let error = read("{\"a\": tru}").unwrap_err();
        assert_eq!((error.line, error.column), (1, 7));
        for text in ["", "01", "1.", "\"\\ud800\"", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"a\nb\""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
