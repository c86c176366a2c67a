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
                self.assembly.open(Tag::Array, anchor, self.behind_properties(start))
            }
            Event::MappingStart(anchor, _) => {
                let start = self.at(span.start);
                self.assembly.open(Tag::Object, anchor, self.behind_properties(start))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (start, end) = (self.at(span.start), self.at(span.end));
                let bracket = self.byte(start).filter(|byte| matches!(byte, b']' | b'}'));
                self.assembly.close(bracket.filter(|_| end > start).map(|_| end))
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
                Some(b':' | b'-' | b'?') => start + 1,
                _ if has_properties => end,
                _ => self.assembly.end.max(self.base),
            };
            let nothing = Range { start: at, end: at };
            return self.assembly.scalar(nothing, is_plain, written, anchor, nothing);
        }
        let start = if has_properties { self.behind_properties(start) } else { start };
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let span = Range { start, end: if is_block { self.trimmed(start, end) } else { end } };
        // A block scalar that the end of the text cuts off has no line break at its end.
        let is_cut = is_block && self.reaches_end(end);
        let content = self.locate(if is_cut { text.strip_suffix('\n').unwrap_or(text) } else { text }, style, span);
        self.assembly.scalar(content, is_plain, written, anchor, span)
    }

    /// The scalar's text as a range of the source, or of the scratch text where the source writes it differently.
    fn locate(&mut self, text: &str, style: ScalarStyle, span: Range) -> Range {
        let quote = u32::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let range = Range { start: span.start.saturating_add(quote), end: span.end.saturating_sub(quote) };
        if self.slice(range.start, range.end) == Some(text) { range } else { self.assembly.builder.keep(text) }
    }

    /// Skips the anchor and tag, and what stands between them and their value.
    fn behind_properties(&self, start: u32) -> u32 {
        let mut at = start;
        loop {
            let is_word = matches!(self.byte(at), Some(b'&' | b'!'));
            let is_comment = at > start && self.byte(at) == Some(b'#');
            if !is_word && !is_comment {
                return at;
            }
            let ends = |byte: u8| if is_comment { byte == b'\n' } else { byte.is_ascii_whitespace() };
            while self.byte(at).is_some_and(|byte| !ends(byte)) {
                at += 1;
            }
            while self.byte(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
                at += 1;
            }
        }
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
