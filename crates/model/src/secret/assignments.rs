//! Telling keys with a value behind them in running text: `password=x`, `"token": "x"`, `--api-key x`, `<secret>x</secret>`,
//! `name: DB_PASSWORD, value: x`. One reader for all notations, so that a text need not say which it is in.

use std::ops::Range;

use super::{Care, Ground, Sighting, keys, values};

/// How far from a needle its key may reach.
const KEY_REACH: usize = 80;
/// Longer values are no secrets of a key (private keys are found by their format).
const VALUE_REACH: usize = 4096;

pub(super) fn find(text: &str, care: Care, found: &mut Vec<Sighting>) {
    let mut done = 0;
    for hit in keys::FINDER.find_iter(text) {
        if hit.start() < done {
            continue;
        }
        let key = key_around(text, hit.start(), hit.end());
        done = key.end;
        let Some(weight) = text.get(key.clone()).and_then(keys::weigh) else { continue };
        let Some(assigned) = Cursor { text, at: key.end }.value_of(&key, care) else { continue };
        let Some(value) = text.get(assigned.value.clone()) else { continue };
        done = done.max(assigned.value.start);
        if !values::is_secret(weight, value) || (assigned.is_bare && care == Care::Report && is_identifier(value)) {
            continue;
        }
        found.push(Sighting {
            looks_like: weight.looks_like(),
            ground: Ground::Key,
            key: Some(key),
            range: if care == Care::Mask { assigned.mask } else { assigned.value },
        });
    }
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
}

fn key_around(text: &str, start: usize, end: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let before = bytes.get(start.saturating_sub(KEY_REACH)..start).unwrap_or_default();
    let after = bytes.get(end..bytes.len().min(end + KEY_REACH)).unwrap_or_default();
    let mut from = start - before.iter().rev().take_while(|byte| is_key_byte(**byte)).count();
    let mut to = end + after.iter().take_while(|byte| is_key_byte(**byte)).count();
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    // The n of `\npassword=x` belongs to the escape.
    let escape = from > 0 && bytes.get(from - 1) == Some(&b'\\') && from < start;
    if escape && matches!(bytes.get(from), Some(b'n' | b't' | b'r')) {
        from += 1;
    }
    from..to
}

/// A bare word of code, such as a variable's name.
fn is_identifier(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.'))
        || (value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'.') && value.contains('.'))
}

struct Assigned {
    value: Range<usize>,
    /// At least the value, and as much behind it as might still belong to it.
    mask: Range<usize>,
    /// Without quotes behind ` = `, as code writes it.
    is_bare: bool,
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek().is_some_and(&skipped) {
            self.at += 1;
        }
        self.at - start
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    /// A quote, with the backslashes that escape it inside another string.
    fn quote(&mut self) -> Option<u8> {
        let start = self.at;
        self.skip(|byte| byte == b'\\');
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                Some(quote)
            }
            _ => {
                self.at = start;
                None
            }
        }
    }

    fn value_of(mut self, key: &Range<usize>, care: Care) -> Option<Assigned> {
        let is_flag = self.text.get(key.clone())?.starts_with('-');
        let is_tag = key.start > 0 && self.text.as_bytes().get(key.start - 1) == Some(&b'<');
        let quoted = self.quote().is_some();
        self.take("]");
        let spaces = self.skip(|byte| matches!(byte, b' ' | b'\t'));
        match self.peek()? {
            b'>' if is_tag => {
                self.at += 1;
                let start = self.at;
                self.skip(|byte| byte != b'<');
                self.assigned(start, self.at, false)
            }
            b':' => {
                self.at += 1;
                let equals = self.take("=");
                let spaced = self.skip(|byte| matches!(byte, b' ' | b'\t')) > 0;
                // `a:b` is a name, not an entry.
                let is_entry = quoted || equals || spaced || matches!(self.peek(), Some(b'"' | b'\'' | b'\\'));
                is_entry.then(|| self.value(false, care))?
            }
            b'=' => {
                self.at += 1;
                if self.take("=") {
                    return None;
                }
                self.take(">");
                let spaced = self.skip(|byte| matches!(byte, b' ' | b'\t')) > 0;
                self.value(spaced && spaces > 0, care)
            }
            // `["--password", "x"]` and `name: DB_PASSWORD, value: x`, on one line or two.
            b',' | b'\r' | b'\n' => {
                let comma = self.take(",");
                self.skip(|byte| byte.is_ascii_whitespace());
                let next_quoted = self.quote().is_some();
                if self.take("value") {
                    self.quote();
                    self.skip(|byte| byte == b' ');
                    if !self.take(":") {
                        return None;
                    }
                    self.skip(|byte| byte == b' ');
                    return self.value(false, care);
                }
                if is_flag && comma && next_quoted && self.peek() != Some(b'-') {
                    let start = self.at;
                    self.skip(|byte| !matches!(byte, b'"' | b'\'' | b'\n'));
                    return self.assigned(start, self.at, false);
                }
                None
            }
            next if is_flag && spaces > 0 && next != b'-' => self.value(false, care),
            _ => None,
        }
    }

    fn value(mut self, is_bare: bool, care: Care) -> Option<Assigned> {
        if let Some(quote) = self.quote() {
            let start = self.at;
            let mut escaped = false;
            while let Some(byte) = self.peek() {
                if (byte == quote && !escaped) || self.at - start > VALUE_REACH {
                    break;
                }
                // Inside an escaped string the closing quote is escaped too.
                if byte == b'\\' && self.text.as_bytes().get(self.at + 1) == Some(&quote) {
                    break;
                }
                escaped = byte == b'\\' && !escaped;
                self.at += 1;
            }
            let end = self.at;
            if care == Care::Mask && self.peek() == Some(b'\\') {
                // An escaped quote may end the value or belong to it: up to the last quote that is followed by an end.
                return self.assigned(start, end, false).map(|assigned| self.widened(assigned, start, quote));
            }
            return self.assigned(start, end, false);
        }
        if matches!(self.peek(), Some(b'|' | b'>')) {
            // A block scalar: its text is on the next line.
            self.skip(|byte| byte != b'\n');
            self.skip(|byte| byte.is_ascii_whitespace());
        }
        let start = self.at;
        self.skip(|byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b',' | b';' | b'&' | b'<' | b'\\')
        });
        let end = self.at;
        let mut value = self.text.get(start..end)?;
        // Brackets that close what was opened before the value are not part of it.
        for (open, close) in [('{', '}'), ('[', ']'), ('(', ')')] {
            value = if value.contains(open) { value } else { value.trim_end_matches(close) };
        }
        let end = start + value.len();
        // Without quotes nobody knows where it ends: to the end of the line.
        self.skip(|byte| !matches!(byte, b'\n' | b'\r'));
        let mask_end = self.at;
        self.assigned(start, end, is_bare).map(|assigned| Assigned { mask: start..mask_end, ..assigned })
    }

    fn assigned(&self, start: usize, end: usize, is_bare: bool) -> Option<Assigned> {
        (end > start).then_some(Assigned { value: start..end, mask: start..end, is_bare })
    }

    /// The mask up to an unescaped quote or one before a separator.
    fn widened(&self, assigned: Assigned, start: usize, quote: u8) -> Assigned {
        let bytes = self.text.as_bytes();
        let mut end = assigned.value.end;
        while let Some(byte) = bytes.get(end) {
            let closes = *byte == quote
                && bytes.get(end + 1).is_none_or(|next| matches!(next, b',' | b'}' | b']' | b'\n' | b' ' | b':'));
            if closes || matches!(byte, b'\n') {
                break;
            }
            end += 1;
        }
        Assigned { mask: start..end, ..assigned }
    }
}
