//! Where bytes came from: a named text, positions in it, and what could not be read of it.

use std::sync::OnceLock;

use crate::evidence::Location;
use crate::name::Name;

/// A text that documents borrow from: a whole file, or one item cut out of a longer stream.
#[derive(Debug)]
pub struct SourceText {
    /// The path as the user gave it, `-` for standard input, or the API path of a live object.
    pub name: Name,
    pub text: String,
    /// Line number (from 1) of the first line of `text`; above 1 when the text was cut out of a stream.
    pub first_line: u32,
    /// Column (from 1) of the first character of `text`; above 1 when the text was cut out of the middle of a line.
    pub first_column: u32,
    /// False for live objects, whose text no person can open: their findings name a field and no line.
    pub has_lines: bool,
    pub lines: LineIndex,
}

/// Where lines begin, for long texts: found at the first question, so that many findings in one file cost no more than
/// their own lines.
#[derive(Debug, Default)]
pub struct LineIndex(OnceLock<Vec<u32>>);

/// Below this many bytes counting is as quick as an index.
const INDEXED_BYTES: usize = 16 << 10;

impl LineIndex {
    /// The number of line breaks before `offset`.
    fn breaks_before(&self, text: &[u8], offset: usize) -> usize {
        if text.len() < INDEXED_BYTES {
            return memchr::memchr_iter(b'\n', text.get(..offset).unwrap_or_default()).count();
        }
        let breaks = self.0.get_or_init(|| memchr::memchr_iter(b'\n', text).map(saturate).collect());
        breaks.partition_point(|at| (*at as usize) < offset)
    }
}

impl SourceText {
    pub fn new(name: impl Into<Name>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            first_line: 1,
            first_column: 1,
            has_lines: true,
            lines: LineIndex::default(),
        }
    }

    /// Line and column (both from 1, columns in characters) of a byte offset.
    pub fn position(&self, offset: u32) -> (u32, u32) {
        let bytes = self.text.as_bytes();
        let offset = (offset as usize).min(bytes.len());
        let before = bytes.get(..offset).unwrap_or_default();
        let lines = self.lines.breaks_before(bytes, offset);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        // Continuation bytes of UTF-8 are not characters of their own.
        let column = before.get(line_start..).unwrap_or_default().iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        let shift = if lines == 0 { self.first_column } else { 1 };
        (saturate(lines).saturating_add(self.first_line), saturate(column).saturating_add(shift))
    }

    /// The location of the bytes from `start` to `end`.
    pub fn location(&self, start: u32, end: u32) -> Location {
        let (line, column) = self.position(start);
        let (end_line, end_column) = self.position(end.max(start));
        Location { file: Name::clone(&self.name), line, column, end_line, end_column }
    }

    /// The byte at which the line that holds `offset` begins.
    pub fn line_start(&self, offset: u32) -> usize {
        let bytes = self.text.as_bytes();
        let offset = (offset as usize).min(bytes.len());
        memchr::memrchr(b'\n', bytes.get(..offset).unwrap_or_default()).map_or(0, |newline| newline + 1)
    }

    /// The whole line that holds `offset`, without its line break.
    pub fn line_at(&self, offset: u32) -> &str {
        let bytes = self.text.as_bytes();
        let offset = (offset as usize).min(bytes.len());
        let start = memchr::memrchr(b'\n', bytes.get(..offset).unwrap_or_default()).map_or(0, |newline| newline + 1);
        let rest = bytes.get(offset..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |newline| offset + newline);
        self.text.get(start..end).unwrap_or_default().trim_end_matches('\r')
    }
}

pub(crate) fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Something in the input that could not be read or was read with a doubt. The run goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file or API path, as in [`SourceText::name`].
    pub source: Name,
    /// Line and column from 1; 0 where the whole source is meant.
    pub line: u32,
    pub column: u32,
    /// One sentence: what is wrong, and after a semicolon what to do.
    pub message: String,
    /// True where something was left out of the scan because of it.
    pub lost: bool,
}

impl Diagnostic {
    /// The whole of `source` could not be read.
    pub fn lost(source: impl Into<Name>, message: impl Into<String>) -> Self {
        Self { source: source.into(), line: 0, column: 0, message: message.into(), lost: true }
    }

    pub fn at(source: &SourceText, offset: u32, message: impl Into<String>, lost: bool) -> Self {
        let (line, column) = source.position(offset);
        Self { source: source.name.clone(), line, column, message: message.into(), lost }
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.source, self.message),
            line => write!(f, "{}:{line}:{}: {}", self.source, self.column, self.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cut_out_of_a_line_keeps_its_place_in_the_whole() {
        let source = SourceText { first_line: 7, first_column: 31, ..SourceText::new("dump.json", "{\n \"é\": 1}") };
        assert_eq!(source.position(0), (7, 31));
        assert_eq!(source.position(6), (8, 4));
    }

    #[test]
    fn long_texts_are_counted_as_short_ones_are() {
        let line = "names: [1, 2]\n\n";
        let long = SourceText::new("long.yaml", line.repeat(2_000));
        assert!(long.text.len() > INDEXED_BYTES);
        for offset in [0, 1, 14, 15, 16, 17, 18, 15_999, 16_000, saturate(long.text.len())] {
            let short = SourceText::new("short.yaml", long.text.get(..offset as usize).unwrap_or_default());
            let counted = memchr::memchr_iter(b'\n', short.text.as_bytes()).count();
            assert_eq!(long.position(offset).0, saturate(counted) + 1, "{offset}");
        }
    }
}
