//! The quick reader: block maps and lists, scalars and brackets as nearly all manifests have them, straight from bytes to
//! the tape.
//!
//! It knows what it knows and gives up on the rest (anchors, tags, complex keys, quoted text over several lines,
//! mistakes of any kind): the full parser then reads the document again and words the error. So it must never accept
//! what the full parser reads differently.

mod flow;
mod literal;
mod text;

use super::super::build::Builder;
use super::super::{Range, Tag};
use super::pieces::Piece;
use crate::source::saturate;

/// Something that the quick reader leaves to the full parser.
#[derive(Debug)]
pub(super) struct Unusual;

impl From<String> for Unusual {
    /// Limits too are explained by the full parser.
    fn from(_: String) -> Self {
        Self
    }
}

type Step<T = ()> = Result<T, Unusual>;

struct Reader<'t, 'l> {
    /// The text up to the end of the piece.
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The column of the next line that has content, once it was sought; -1 at the end.
    column: isize,
    /// The end of the last text that belongs to a value.
    last: usize,
    builder: Builder<'l>,
}

const NO_KEY: Range = Range { start: 0, end: 0 };

pub(super) fn read<'l>(text: &str, piece: &Piece, builder: Builder<'l>) -> Step<Builder<'l>> {
    let text = text.get(..piece.end).ok_or(Unusual)?;
    let bytes = text.as_bytes();
    let body = bytes.get(piece.content..).ok_or(Unusual)?;
    // A carriage return alone is a line break too.
    if memchr::memchr_iter(b'\r', body).any(|at| body.get(at + 1) != Some(&b'\n')) {
        return Err(Unusual);
    }
    let mut reader = Reader { text, bytes, at: piece.content, column: 0, last: piece.content, builder };
    if piece.content > piece.start {
        reader.rest_of_line()?;
    }
    reader.next_line()?;
    if reader.column >= 0 {
        reader.block(reader.column, NO_KEY)?;
    }
    if reader.column >= 0 { Err(Unusual) } else { Ok(reader.builder) }
}

fn range(start: usize, end: usize) -> Range {
    Range { start: saturate(start), end: saturate(end) }
}

impl Reader<'_, '_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn is_dash(&self) -> bool {
        self.byte(self.at) == Some(b'-') && self.is_blank(self.at + 1)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.byte(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn is_line_end(&self) -> bool {
        matches!(self.byte(self.at), None | Some(b'\n' | b'\r'))
            || (self.byte(self.at) == Some(b'#') && self.is_blank(self.at.wrapping_sub(1)))
    }

    /// Past white space, a comment and the line break; anything else is unusual.
    fn rest_of_line(&mut self) -> Step {
        self.skip_blanks();
        if !self.is_line_end() {
            return Err(Unusual);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |newline| self.at + newline + 1);
        Ok(())
    }

    /// From the start of a line to the next content, and its column.
    fn next_line(&mut self) -> Step {
        loop {
            let start = self.at;
            while self.byte(self.at) == Some(b' ') {
                self.at += 1;
            }
            match self.byte(self.at) {
                None => {
                    self.column = -1;
                    return Ok(());
                }
                Some(b'\n') => self.at += 1,
                Some(b'\r' | b'#') => self.rest_of_comment(),
                Some(b'\t') => return Err(Unusual),
                Some(_) => {
                    self.column = (self.at - start).cast_signed();
                    return Ok(());
                }
            }
        }
    }

    fn rest_of_comment(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |newline| self.at + newline + 1);
    }

    /// A map or list that begins here, at `column`. Recursion is bounded by the builder's depth limit.
    fn block(&mut self, column: isize, key: Range) -> Step {
        if self.is_dash() { self.sequence(column, key) } else { self.mapping(column, key) }
    }

    fn mapping(&mut self, column: isize, key: Range) -> Step {
        self.builder.open(Tag::Object, key, saturate(self.at))?;
        loop {
            let key = self.key()?;
            self.entry(column, key)?;
            if self.column != column || self.is_dash() {
                break;
            }
        }
        self.end(column)
    }

    /// The value behind the colon of a key at `column`.
    fn entry(&mut self, column: isize, key: Range) -> Step {
        let behind_colon = self.at;
        self.skip_blanks();
        if !self.is_line_end() {
            return self.inline(column, key);
        }
        self.rest_of_line()?;
        self.next_line()?;
        if self.column > column {
            self.block(self.column, key)
        } else if self.column == column && self.is_dash() {
            self.sequence(column, key)
        } else {
            self.nothing(behind_colon, key)
        }
    }

    fn nothing(&mut self, at: usize, key: Range) -> Step {
        self.last = at;
        let nothing = range(at, at);
        Ok(self.builder.scalar(Tag::Null, key, nothing, nothing)?)
    }

    fn sequence(&mut self, column: isize, key: Range) -> Step {
        self.builder.open(Tag::Array, key, saturate(self.at))?;
        loop {
            let dash = self.at;
            self.at += 1;
            self.skip_blanks();
            if self.is_line_end() {
                let has_comment = self.byte(self.at) == Some(b'#');
                self.rest_of_line()?;
                self.next_line()?;
                if self.column > column {
                    self.block(self.column, NO_KEY)?;
                } else if has_comment {
                    return Err(Unusual);
                } else {
                    self.nothing(dash + 1, NO_KEY)?;
                }
            } else {
                if self.bytes.get(dash..self.at).is_some_and(|gap| gap.contains(&b'\t')) {
                    return Err(Unusual);
                }
                let inner = column + (self.at - dash).cast_signed();
                if self.is_dash() {
                    self.sequence(inner, NO_KEY)?;
                } else if self.is_key_ahead()? {
                    self.mapping(inner, NO_KEY)?;
                } else {
                    self.inline(column, NO_KEY)?;
                }
            }
            if self.column != column || !self.is_dash() {
                break;
            }
        }
        self.end(column)
    }

    /// Ends a map or list at `column`, whose next line belongs to something around it.
    fn end(&mut self, column: isize) -> Step {
        if self.column > column {
            return Err(Unusual);
        }
        self.builder.close(saturate(self.last));
        Ok(())
    }

    /// A value that begins on this line, inside of something at `column`; then on to the next line.
    fn inline(&mut self, column: isize, key: Range) -> Step {
        match self.byte(self.at) {
            Some(b'"' | b'\'') => {
                let start = self.at;
                let content = self.quoted()?;
                self.last = self.at;
                self.builder.scalar(Tag::String, key, content, range(start, self.at))?;
            }
            Some(b'|' | b'>') => {
                self.literal(column, key)?;
                return self.next_line();
            }
            Some(b'[' | b'{') => self.flow(key)?,
            _ => return self.plain(column, key),
        }
        self.rest_of_line()?;
        self.next_line()?;
        if self.column > column { Err(Unusual) } else { Ok(()) }
    }
}
