//! Lists and maps in brackets, also over several lines; each scalar in them stands on one line.

use super::super::super::{Range, Tag};
use super::super::tagged;
use super::{NO_KEY, Reader, Step, Unusual, range};
use crate::source::saturate;

impl Reader<'_, '_> {
    /// A list or map whose bracket is next. Recursion is bounded by the builder's depth limit.
    pub(super) fn flow(&mut self, key: Range) -> Step {
        let is_map = self.byte(self.at) == Some(b'{');
        let (tag, bracket) = if is_map { (Tag::Object, b'}') } else { (Tag::Array, b']') };
        self.builder.open(tag, key, saturate(self.at))?;
        self.at += 1;
        loop {
            self.space()?;
            if self.byte(self.at) == Some(bracket) {
                break;
            }
            let key = if is_map { self.flow_key()? } else { NO_KEY };
            self.flow_value(key, is_map)?;
            self.space()?;
            match self.byte(self.at) {
                Some(b',') => self.at += 1,
                Some(byte) if byte == bracket => break,
                _ => return Err(Unusual),
            }
        }
        self.at += 1;
        self.last = self.at;
        self.builder.close(saturate(self.at));
        Ok(())
    }

    /// White space, line breaks and comments.
    fn space(&mut self) -> Step {
        loop {
            match self.byte(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'#') if self.is_blank(self.at - 1) => self.rest_of_line()?,
                _ => return Ok(()),
            }
        }
    }

    /// A key up to and with its colon, on one line.
    fn flow_key(&mut self) -> Step<Range> {
        let start = self.at;
        let is_quoted = matches!(self.byte(start), Some(b'"' | b'\''));
        let key = if is_quoted {
            self.quoted()?
        } else {
            let content = self.flow_plain()?;
            self.key_text(content)?
        };
        self.skip_blanks();
        let is_key = self.byte(self.at) == Some(b':') && (is_quoted || self.is_blank(self.at + 1));
        if !is_key || self.at - start > 1000 {
            return Err(Unusual);
        }
        self.at += 1;
        Ok(key)
    }

    fn flow_value(&mut self, key: Range, is_map: bool) -> Step {
        let behind_colon = self.at;
        self.space()?;
        let start = self.at;
        match self.byte(start) {
            Some(b'{' | b'[') => self.flow(key)?,
            Some(b'"' | b'\'') => {
                let content = self.quoted()?;
                self.builder.scalar(Tag::String, key, content, range(start, self.at))?;
            }
            Some(b',' | b'}') if is_map => return self.nothing(behind_colon, key),
            _ => {
                let span = self.flow_plain()?;
                let (tag, content) = tagged::resolved(&mut self.builder, span);
                self.builder.scalar(tag, key, content, span)?;
            }
        }
        self.last = self.at;
        // A list element that is a key of a map without braces.
        let is_pair = {
            self.skip_blanks();
            self.byte(self.at) == Some(b':')
        };
        if is_pair { Err(Unusual) } else { Ok(()) }
    }

    fn flow_plain(&mut self) -> Step<Range> {
        self.begins_plain()?;
        let start = self.at;
        let ends = |byte: Option<u8>| matches!(byte, Some(b',' | b'[' | b']' | b'{' | b'}'));
        if matches!(self.byte(start), Some(b'-' | b'?' | b':')) && ends(self.byte(start + 1)) {
            return Err(Unusual);
        }
        loop {
            match self.byte(self.at) {
                None | Some(b'\n' | b'\r') => break,
                Some(b':') if self.is_blank(self.at + 1) => break,
                Some(b':') if ends(self.byte(self.at + 1)) => return Err(Unusual),
                Some(b'#') if self.at > start && matches!(self.byte(self.at - 1), Some(b' ' | b'\t')) => break,
                byte if ends(byte) => break,
                Some(_) => self.at += 1,
            }
        }
        let text = self.bytes.get(start..self.at).unwrap_or_default();
        Ok(range(start, start + text.trim_ascii_end().len()))
    }
}
