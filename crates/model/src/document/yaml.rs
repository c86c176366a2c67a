//! YAML streams to [`Document`]s: parser events with spans become tape nodes.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag as YamlTag};

use super::build::Builder;
use super::scalar::{self, Plain};
use super::{Document, Limits, Range, Tag};
use crate::source::{Diagnostic, SourceText, saturate};

pub(super) fn parse(source: &Arc<SourceText>, limits: &Limits) -> (Vec<Document>, Option<Diagnostic>) {
    if source.text.len() > limits.bytes as usize {
        let message = format!("larger than {} bytes; split the file", limits.bytes);
        return (Vec::new(), Some(Diagnostic::lost(source.name.clone(), message)));
    }
    let mut reader = Reader {
        source,
        limits,
        offsets: Offsets::new(&source.text),
        documents: Vec::new(),
        builder: Builder::new(Arc::clone(source), limits),
        anchors: HashMap::new(),
        frames: Vec::new(),
    };
    let mut parser = Parser::new_from_str(&source.text);
    loop {
        match parser.next_event() {
            None => return (reader.documents, None),
            Some(Ok((event, span))) => {
                if let Err(message) = reader.event(event, span) {
                    let offset = reader.offsets.of(span.start);
                    return (reader.documents, Some(Diagnostic::at(source, offset, message, true)));
                }
            }
            Some(Err(error)) => {
                let offset = reader.offsets.of(*error.marker());
                let message = format!("not valid YAML: {}; the rest of the file is not read", error.info());
                return (reader.documents, Some(Diagnostic::at(source, offset, message, true)));
            }
        }
    }
}

/// Turns the parser's character positions into byte offsets.
struct Offsets {
    /// Byte offsets of line starts; empty where the text is ASCII and both are the same.
    lines: Vec<u32>,
    text: Option<String>,
}

impl Offsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self { lines: Vec::new(), text: None };
        }
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| saturate(at + 1));
        Self { lines: std::iter::once(0).chain(breaks).collect(), text: Some(text.to_owned()) }
    }

    fn of(&self, marker: Marker) -> u32 {
        let Some(text) = &self.text else { return saturate(marker.index()) };
        let start = self.lines.get(marker.line().saturating_sub(1)).copied().unwrap_or(saturate(text.len()));
        let line = text.get(start as usize..).unwrap_or_default();
        let bytes = line.char_indices().nth(marker.col()).map_or(line.len(), |(at, _)| at);
        start + saturate(bytes)
    }
}

/// What the reader is inside of.
enum Frame {
    Sequence { anchor: usize, index: u32 },
    Mapping { anchor: usize, index: u32, key: Option<Range> },
}

struct Reader<'s> {
    source: &'s Arc<SourceText>,
    limits: &'s Limits,
    offsets: Offsets,
    documents: Vec<Document>,
    builder: Builder<'s>,
    /// Anchor id to the first and past-the-last node of its value, and its depth.
    anchors: HashMap<usize, (u32, u32, u32)>,
    frames: Vec<Frame>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        match event {
            Event::DocumentStart(_) => {
                self.builder = Builder::new(Arc::clone(self.source), self.limits);
                self.anchors.clear();
                self.frames.clear();
            }
            Event::DocumentEnd => {
                let empty = Builder::new(Arc::clone(self.source), self.limits);
                let builder = std::mem::replace(&mut self.builder, empty);
                self.documents.push(builder.finish(saturate(self.documents.len())));
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span)?,
            Event::SequenceStart(anchor, _) => {
                let (key, start) = (self.key_for_container()?, self.offsets.of(span.start));
                let index = self.builder.len();
                self.builder.open(Tag::Array, key, start)?;
                self.frames.push(Frame::Sequence { anchor, index });
            }
            Event::MappingStart(anchor, _) => {
                let (key, start) = (self.key_for_container()?, self.offsets.of(span.start));
                let index = self.builder.len();
                self.builder.open(Tag::Object, key, start)?;
                self.frames.push(Frame::Mapping { anchor, index, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
        }
        Ok(())
    }

    fn end(&mut self, span: Span) {
        self.builder.close(self.offsets.of(span.end));
        let Some(frame) = self.frames.pop() else { return };
        let (Frame::Sequence { anchor, index } | Frame::Mapping { anchor, index, .. }) = frame;
        if anchor != 0 {
            let depth = self.limits.depth.min(self.builder.next_of(index) - index);
            self.anchors.insert(anchor, (index, self.builder.next_of(index), depth));
        }
    }

    /// The key that the next value stands under; none where the next scalar is itself a key.
    fn take_key(&mut self) -> Option<Range> {
        match self.frames.last_mut() {
            Some(Frame::Mapping { key, .. }) => key.take(),
            _ => Some(Range::default()),
        }
    }

    fn key_for_container(&mut self) -> Result<Range, String> {
        self.take_key().ok_or_else(|| "a list or map as a key; Kubernetes objects have text keys only".to_owned())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&YamlTag>,
        span: Span,
    ) -> Result<(), String> {
        let (start, end) = (self.offsets.of(span.start), self.offsets.of(span.end));
        let content = self.locate(text, style, start, end);
        let Some(key) = self.take_key() else {
            if let Some(Frame::Mapping { key, .. }) = self.frames.last_mut() {
                *key = Some(content);
            }
            return Ok(());
        };
        let at = self.builder.len();
        let quoted = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str");
        let meaning = if quoted { Plain::Is(Tag::String) } else { scalar::resolve(text) };
        let span = Range { start, end };
        match meaning {
            Plain::Is(tag) => self.builder.scalar(tag, key, content, span)?,
            Plain::Number => self.builder.scalar(Tag::Number, key, content, span)?,
            Plain::NumberAs(literal) => {
                let content = self.builder.keep(&literal);
                self.builder.scalar(Tag::Number, key, content, span)?;
            }
        }
        if anchor != 0 {
            self.anchors.insert(anchor, (at, at + 1, 0));
        }
        Ok(())
    }

    /// The scalar's text as a range of the source, or of the scratch text where the source writes it differently.
    fn locate(&mut self, text: &str, style: ScalarStyle, start: u32, end: u32) -> Range {
        let quote = u32::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let (from, to) = (start.saturating_add(quote), end.saturating_sub(quote));
        let written = self.source.text.get(from as usize..to as usize);
        if written == Some(text) { Range { start: from, end: to } } else { self.builder.keep(text) }
    }

    fn alias(&mut self, anchor: usize) -> Result<(), String> {
        let Some((from, to, depth)) = self.anchors.get(&anchor).copied() else {
            return Err("an alias to a value that is not finished; write the value out".to_owned());
        };
        let Some(key) = self.take_key() else {
            return Err("an alias as a key; write the key out".to_owned());
        };
        // `<<` merge keys are read as YAML 1.1 has them: by the engine that meets them, not here.
        self.builder.repeat(from, to, key, depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Document>, Option<Diagnostic>) {
        parse(&Arc::new(SourceText::new("t.yaml", text)), &Limits::STANDARD)
    }

    #[test]
    fn third_document_of_a_file_has_the_right_place() {
        let (documents, error) = read("a: 1\n---\nb: é\n---\nc:\n  d: [x, 'é', {e: yes}]\n");
        assert_eq!(error, None);
        let value = documents[2].root().follow(&"c.d[2].e".parse().unwrap()).unwrap();
        assert_eq!(value.bool(), Some(true));
        let location = value.location();
        assert_eq!((location.line, location.column, location.end_column), (6, 16, 22));
    }

    #[test]
    fn aliases_are_copied_and_bombs_are_refused() {
        let (documents, error) = read("a: &x {k: [1, 2]}\nb: *x\n");
        assert_eq!(error, None);
        assert_eq!(documents[0].root().to_json(), serde_json::json!({"a": {"k": [1, 2]}, "b": {"k": [1, 2]}}));
        let bomb: String = (1..40).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
            format!("{text}a{level}: &a{level} [*a{}, *a{}]\n", level - 1, level - 1)
        });
        assert!(read(&bomb).1.unwrap().message.contains("aliases"));
    }

    #[test]
    fn broken_text_keeps_the_documents_before_it() {
        let (documents, error) = read("a: 1\n---\nb: [1\n");
        assert_eq!(documents.len(), 1);
        assert!(error.unwrap().lost);
    }
}
