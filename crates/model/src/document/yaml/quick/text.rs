//! Keys, plain scalars and quoted scalars of the quick reader.

use super::super::super::{Range, Tag};
use super::super::tagged;
use super::{Reader, Step, Unusual, range};
use crate::document::scalar::{self, Plain};
use crate::source::saturate;

/// Longer keys are no simple keys to the full parser.
const LONGEST_KEY: usize = 1000;

impl Reader<'_, '_> {
    /// A key of a block map up to and with its colon.
    pub(super) fn key(&mut self) -> Step<Range> {
        let start = self.at;
        if matches!(self.byte(start), Some(b'"' | b'\'')) {
            let key = self.quoted()?;
            self.last = self.at;
            self.skip_blanks();
            if self.byte(self.at) != Some(b':') || !self.is_blank(self.at + 1) || self.at - start > LONGEST_KEY {
                return Err(Unusual);
            }
            self.at += 1;
            return Ok(key);
        }
        self.begins_plain()?;
        let colon = self.colon(start).filter(|colon| colon - start <= LONGEST_KEY).ok_or(Unusual)?;
        self.last = self.trimmed(start, colon);
        self.at = colon + 1;
        self.key_text(range(start, self.last))
    }

    /// What a plain key is as text.
    pub(super) fn key_text(&mut self, content: Range) -> Step<Range> {
        let text = self.builder.text(content);
        if text == "<<" {
            return Err(Unusual);
        }
        if scalar::resolve(text) == Plain::Is(Tag::String) {
            return Ok(content);
        }
        let (tag, content) = tagged::resolved(&mut self.builder, content);
        Ok(tagged::key(&mut self.builder, tag, content)?)
    }

    /// The colon that ends a plain key which begins at `start`, on this line and before any comment.
    fn colon(&self, start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            match self.byte(at)? {
                b':' if self.is_blank(at + 1) => return Some(at),
                b'\n' | b'\r' => return None,
                b'#' if matches!(self.byte(at - 1), Some(b' ' | b'\t')) && at > start => return None,
                _ => at += 1,
            }
        }
    }

    /// Whether what begins here, behind a dash, is the first key of a map.
    pub(super) fn is_key_ahead(&self) -> Step<bool> {
        match self.byte(self.at) {
            Some(quote @ (b'"' | b'\'')) => {
                let mut at = self.at + 1;
                loop {
                    match self.byte(at).ok_or(Unusual)? {
                        b'\\' if quote == b'"' => at += 2,
                        b'\n' => return Err(Unusual),
                        byte if byte == quote && quote == b'\'' && self.byte(at + 1) == Some(quote) => at += 2,
                        byte if byte == quote => break,
                        _ => at += 1,
                    }
                }
                at += 1;
                while matches!(self.byte(at), Some(b' ' | b'\t')) {
                    at += 1;
                }
                Ok(self.byte(at) == Some(b':'))
            }
            Some(b'[' | b'{' | b'|' | b'>') => Ok(false),
            _ => {
                self.begins_plain()?;
                Ok(self.colon(self.at).is_some())
            }
        }
    }

    /// Whether a plain scalar may begin here.
    pub(super) fn begins_plain(&self) -> Step {
        match self.byte(self.at) {
            Some(b'-' | b'?' | b':') if !self.is_blank(self.at + 1) => Ok(()),
            Some(
                b'-' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
                | b'"' | b'%' | b'@' | b'`' | b'\t',
            )
            | None => Err(Unusual),
            Some(_) => Ok(()),
        }
    }

    fn trimmed(&self, start: usize, end: usize) -> usize {
        start + self.bytes.get(start..end).map_or(0, |text| text.trim_ascii_end().len())
    }

    /// The end of the plain text on this line; `at` goes to the line's end or comment.
    fn plain_line(&mut self) -> Step<usize> {
        let start = self.at;
        loop {
            match self.byte(self.at) {
                None | Some(b'\n' | b'\r') => break,
                Some(b':') if self.is_blank(self.at + 1) => return Err(Unusual),
                Some(b'#') if self.at > start && matches!(self.byte(self.at - 1), Some(b' ' | b'\t')) => break,
                Some(_) => self.at += 1,
            }
        }
        Ok(self.trimmed(start, self.at))
    }

    /// A plain scalar inside of something at `column`, with its further lines; then on to the next line.
    pub(super) fn plain(&mut self, column: isize, key: Range) -> Step {
        self.begins_plain()?;
        let start = self.at;
        let mut end = self.plain_line()?;
        let mut folded: Option<usize> = None;
        loop {
            let has_comment = self.byte(self.at) == Some(b'#');
            self.rest_of_line()?;
            let (line, before) = (self.at, self.last);
            self.next_line()?;
            if self.column <= column {
                break;
            }
            let gap = self.text.get(line..self.at).ok_or(Unusual)?;
            if has_comment || gap.contains('#') {
                return Err(Unusual);
            }
            let first = self.text.get(start..end).ok_or(Unusual)?;
            let scratch = &mut self.builder.scratch;
            if folded.is_none() {
                folded = Some(scratch.len());
                scratch.push_str(first);
            }
            let breaks = gap.bytes().filter(|byte| *byte == b'\n').count();
            match breaks {
                0 => scratch.push(' '),
                _ => scratch.extend(std::iter::repeat_n('\n', breaks)),
            }
            let from = self.at;
            self.last = before;
            end = self.plain_line()?;
            self.builder.scratch.push_str(self.text.get(from..end).ok_or(Unusual)?);
        }
        self.last = end;
        let span = range(start, end);
        let content = folded.map_or(span, |from| self.builder.kept_from(from));
        let (tag, content) = tagged::resolved(&mut self.builder, content);
        Ok(self.builder.scalar(tag, key, content, span)?)
    }

    /// A quoted scalar on one line; `at` goes behind its closing quote.
    pub(super) fn quoted(&mut self) -> Step<Range> {
        if self.byte(self.at) == Some(b'\'') { self.single_quoted() } else { self.double_quoted() }
    }

    fn single_quoted(&mut self) -> Step<Range> {
        self.at += 1;
        let start = self.at;
        let mut copied: Option<(usize, usize)> = None;
        loop {
            let rest = self.bytes.get(self.at..).ok_or(Unusual)?;
            self.at += memchr::memchr2(b'\'', b'\n', rest).ok_or(Unusual)?;
            if self.byte(self.at) == Some(b'\n') {
                return Err(Unusual);
            }
            let (from, scratch) = copied.unwrap_or((start, self.builder.scratch.len()));
            let is_escape = self.byte(self.at + 1) == Some(b'\'');
            if !is_escape && copied.is_none() {
                self.at += 1;
                return Ok(range(start, self.at - 1));
            }
            // Of two quotes the first is kept.
            let part = self.text.get(from..self.at + usize::from(is_escape)).ok_or(Unusual)?;
            self.builder.scratch.push_str(part);
            if !is_escape {
                self.at += 1;
                return Ok(self.builder.kept_from(scratch));
            }
            self.at += 2;
            copied = Some((self.at, scratch));
        }
    }

    fn double_quoted(&mut self) -> Step<Range> {
        self.at += 1;
        let start = self.at;
        let mut copied: Option<(usize, usize)> = None;
        loop {
            let rest = self.bytes.get(self.at..).ok_or(Unusual)?;
            self.at += memchr::memchr3(b'"', b'\\', b'\n', rest).ok_or(Unusual)?;
            match (self.byte(self.at), copied) {
                (Some(b'"'), None) => {
                    self.at += 1;
                    return Ok(range(start, self.at - 1));
                }
                (Some(b'"'), Some((from, scratch))) => {
                    self.builder.scratch.push_str(self.text.get(from..self.at).ok_or(Unusual)?);
                    self.at += 1;
                    return Ok(self.builder.kept_from(scratch));
                }
                (Some(b'\\'), _) => {
                    let (from, scratch) = copied.unwrap_or((start, self.builder.scratch.len()));
                    self.builder.scratch.push_str(self.text.get(from..self.at).ok_or(Unusual)?);
                    self.at += 1;
                    let character = self.escape()?;
                    self.builder.scratch.push(character);
                    copied = Some((self.at, scratch));
                }
                _ => return Err(Unusual),
            }
        }
    }

    fn escape(&mut self) -> Step<char> {
        let letter = self.byte(self.at).ok_or(Unusual)?;
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'0' => '\0',
            b'x' => self.hexadecimal(2)?,
            b'u' => self.hexadecimal(4)?,
            _ => return Err(Unusual),
        })
    }

    fn hexadecimal(&mut self, count: usize) -> Step<char> {
        let digits = self.text.get(self.at..self.at + count).ok_or(Unusual)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Unusual);
        }
        self.at += count;
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or(Unusual)
    }
}

impl super::Builder<'_> {
    /// The scratch text from a length that it had on.
    pub(super) fn kept_from(&self, start: usize) -> Range {
        Range {
            start: saturate(start) | crate::document::SCRATCH,
            end: saturate(self.scratch.len()) | crate::document::SCRATCH,
        }
    }
}
