//! The full YAML parser's events, with its character positions turned into byte offsets.

use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag as YamlTag};

use super::super::build::Builder;
use super::super::{Limits, Range, Tag};
use super::assembly::Assembly;
use super::pieces::Piece;
use super::tagged::Written;
use crate::source::{Diagnostic, SourceText, saturate};

/// Reads a piece of a stream; nearly always one document.
///
/// # Errors
/// The first mistake; what stands before it has been handed to `take` where it is a whole document.
pub(super) fn read<'l>(
    source: &Arc<SourceText>,
    limits: &'l Limits,
    piece: &Piece,
    copies: &mut u32,
    take: &mut dyn FnMut(Builder<'l>),
) -> Result<(), Diagnostic> {
    let text = source.text.get(piece.start..piece.end).unwrap_or_default();
    let new = || Assembly::new(Builder::new(Arc::clone(source), limits, text.len()), limits.depth);
    let mut reader = Reader { text, offsets: Offsets::new(text), base: saturate(piece.start), assembly: new() };
    let mut parser = Parser::new_from_str(text);
    loop {
        match parser.next_event() {
            None => return Ok(()),
            Some(Ok((Event::DocumentStart(_), _))) => reader.assembly = new(),
            Some(Ok((Event::DocumentEnd, _))) => take(std::mem::replace(&mut reader.assembly, new()).builder),
            Some(Ok((event, span))) => {
                if let Err(message) = reader.event(event, span, copies) {
                    let offset = reader.at(span.start);
                    return Err(Diagnostic::at(source, offset, message, true));
                }
            }
            Some(Err(error)) => {
                let offset = reader.at(*error.marker());
                let message = format!("not valid YAML: {}; this document is not read", error.info());
                return Err(Diagnostic::at(source, offset, message, true));
            }
        }
    }
}

struct Reader<'t, 'l> {
    text: &'t str,
    offsets: Offsets<'t>,
    /// The byte offset of `text` in the source.
    base: u32,
    assembly: Assembly<'l>,
}

impl Reader<'_, '_> {
    fn event(&mut self, event: Event<'_>, span: Span, copies: &mut u32) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::SequenceStart(anchor, _) => {
                let start = self.at(span.start);
                let start = self.dash_of_value().unwrap_or_else(|| self.behind_properties(start));
                self.assembly.open(Tag::Array, anchor, start)
            }
            Event::MappingStart(anchor, _) => {
                let start = self.at(span.start);
                self.assembly.open(Tag::Object, anchor, self.behind_properties(start))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // The end that the parser tells of takes in the white space and comment behind a bracket.
                let start = self.at(span.start);
                // Or it is the comma in front of the bracket.
                let start = if self.byte(start) == Some(b',') { self.behind_space(start + 1) } else { start };
                let is_bracket = !span.is_empty() && matches!(self.byte(start), Some(b']' | b'}'));
                self.assembly.close(is_bracket.then_some(start + 1))
            }
            Event::Alias(anchor) => {
                let end = self.at(span.end);
                self.assembly.alias(anchor, end, copies)
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&YamlTag>,
        span: Span,
    ) -> Result<(), String> {
        let (start, end) = (self.at(span.start), self.at(span.end));
        let is_plain = style == ScalarStyle::Plain;
        let written = match tag {
            None => Written::Untagged,
            Some(tag) if tag.is_yaml_core_schema() => Written::Core(&tag.suffix),
            Some(_) => Written::Other,
        };
        let has_properties = anchor != 0 || tag.is_some();
        if is_plain && text.is_empty() {
            let at = match self.byte(start) {
                Some(b':') => start + 1,
                _ if self.behind_dash(start).is_some() => self.behind_dash(start).unwrap_or(start),
                _ if has_properties => end,
                _ => self.assembly.end.max(self.base),
            };
            let nothing = Range { start: at, end: at };
            return self.assembly.scalar(nothing, is_plain, written, anchor, nothing);
        }
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let start = match is_block {
            true => self.header_before(start).unwrap_or(start),
            false if has_properties => self.behind_properties(start),
            false => start,
        };
        let is_cut = is_block && self.reaches_end(end);
        let end = match style {
            ScalarStyle::Plain => end,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => self.behind_quote(start, end),
            ScalarStyle::Literal | ScalarStyle::Folded => self.trimmed(start, end),
        };
        let span = Range { start, end };
        // A block scalar that the end of the text cuts off has no line break at its end.
        let content = self.locate(if is_cut { text.strip_suffix('\n').unwrap_or(text) } else { text }, style, span);
        self.assembly.scalar(content, is_plain, written, anchor, span)
    }

    /// The scalar's text as a range of the source, or of the scratch text where the source writes it differently.
    fn locate(&mut self, text: &str, style: ScalarStyle, span: Range) -> Range {
        let quote = u32::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let range = Range { start: span.start.saturating_add(quote), end: span.end.saturating_sub(quote) };
        if self.slice(range.start, range.end) == Some(text) { range } else { self.assembly.builder.keep(text) }
    }

    /// The first dash of a list that is the value of the pending key. Where it stands no deeper than the key, the parser
    /// tells of a later place.
    fn dash_of_value(&self) -> Option<u32> {
        if !self.assembly.has_key() {
            return None;
        }
        let colon = self.behind_space(self.assembly.end);
        if self.byte(colon) != Some(b':') {
            return None;
        }
        let at = self.behind_properties(self.behind_space(colon + 1));
        (self.byte(at) == Some(b'-')).then_some(at)
    }

    /// The place behind the dash of an empty list element.
    fn behind_dash(&self, at: u32) -> Option<u32> {
        let before = self.slice(self.base, at)?.trim_ascii_end();
        before.ends_with('-').then(|| self.base + saturate(before.len())).filter(|end| *end > self.assembly.end)
    }

    /// The `|` or `>` of a block scalar whose text begins at `start`.
    fn header_before(&self, start: u32) -> Option<u32> {
        let before = self.slice(self.assembly.end.max(self.base), start)?;
        let from = start - saturate(before.len());
        before.char_indices().rev().find_map(|(at, indicator)| {
            let rest = before.get(at..)?.strip_prefix(['|', '>'])?;
            let line = rest.lines().next().unwrap_or_default();
            let tail = line.trim_start_matches(|character: char| matches!(character, '+' | '-' | '1'..='9'));
            let is_header =
                tail.trim().is_empty() || (tail.starts_with([' ', '\t']) && tail.trim_start().starts_with('#'));
            let is_apart = before.get(..at)?.ends_with([' ', '\t', '\n']) || at == 0;
            (is_header && is_apart && matches!(indicator, '|' | '>')).then(|| from + saturate(at))
        })
    }

    /// Past white space and comments.
    fn behind_space(&self, start: u32) -> u32 {
        let mut at = start;
        let mut is_comment = false;
        while let Some(byte) = self.byte(at) {
            is_comment = if is_comment { byte != b'\n' } else { byte == b'#' };
            if !is_comment && !byte.is_ascii_whitespace() {
                break;
            }
            at += 1;
        }
        at
    }

    /// Skips the anchor and tag, and what stands between them and their value.
    fn behind_properties(&self, start: u32) -> u32 {
        let mut at = start;
        loop {
            if !matches!(self.byte(at), Some(b'&' | b'!')) {
                return at;
            }
            while self.byte(at).is_some_and(|byte| !byte.is_ascii_whitespace()) {
                at += 1;
            }
            at = self.behind_space(at);
        }
    }

    /// The end of a quoted scalar; the one that the parser tells of takes in the white space and comment behind it.
    fn behind_quote(&self, start: u32, end: u32) -> u32 {
        let quote = self.byte(start);
        let mut at = start + 1;
        while at < end {
            let byte = self.byte(at);
            let is_escape = match quote {
                Some(b'"') => byte == Some(b'\\'),
                _ => byte == quote && self.byte(at + 1) == quote,
            };
            if is_escape {
                at += 2;
                continue;
            }
            at += 1;
            if byte == quote {
                return at;
            }
        }
        end
    }

    /// The end of a block scalar without the white space behind it.
    fn trimmed(&self, start: u32, end: u32) -> u32 {
        self.slice(start, end).map_or(end, |text| start + saturate(text.trim_ascii_end().len()))
    }

    fn reaches_end(&self, at: u32) -> bool {
        at - self.base >= saturate(self.text.len()) && !self.text.ends_with('\n')
    }

    fn byte(&self, at: u32) -> Option<u8> {
        self.text.as_bytes().get(at.checked_sub(self.base)? as usize).copied()
    }

    fn slice(&self, start: u32, end: u32) -> Option<&str> {
        self.text.get(start.checked_sub(self.base)? as usize..end.checked_sub(self.base)? as usize)
    }

    fn at(&mut self, marker: Marker) -> u32 {
        self.base.saturating_add(self.offsets.of(marker.index()))
    }
}

/// Turns character counts into byte offsets, walking from the last one asked for.
struct Offsets<'t> {
    text: &'t str,
    is_ascii: bool,
    characters: usize,
    bytes: usize,
}

impl<'t> Offsets<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), characters: 0, bytes: 0 }
    }

    fn of(&mut self, characters: usize) -> u32 {
        if self.is_ascii {
            return saturate(characters.min(self.text.len()));
        }
        if let Some(ahead) = characters.checked_sub(self.characters) {
            let rest = self.text.get(self.bytes..).unwrap_or_default();
            self.bytes += rest.char_indices().nth(ahead).map_or(rest.len(), |(at, _)| at);
        } else {
            let before = self.text.get(..self.bytes).unwrap_or_default();
            let back = self.characters - characters - 1;
            self.bytes = before.char_indices().rev().nth(back).map_or(0, |(at, _)| at);
        }
        self.characters = characters;
        saturate(self.bytes)
    }
}
