//! Cuts a YAML stream at its document markers, without parsing it.
//!
//! A line that begins with `---` or `...` cannot be part of any value, so cutting there is safe even where the text
//! between is broken.

/// One document's part of the text, in byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// With the directives and the marker in front.
    pub(super) start: usize,
    /// Behind the marker `---`, where there is one.
    pub(super) content: usize,
    /// Before the next marker.
    pub(super) end: usize,
    /// A line in front of the marker begins with `%`.
    pub(super) has_directive: bool,
}

/// The documents of a stream, also the empty ones that have a marker. A byte order mark belongs to none.
pub(super) fn of(text: &str) -> impl Iterator<Item = Piece> + '_ {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    Pieces { bytes: text.as_bytes(), at: start, line: start }
}

struct Pieces<'t> {
    bytes: &'t [u8],
    /// Where the next piece begins.
    at: usize,
    /// The line from which on markers are looked for.
    line: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Start,
    End,
}

impl Pieces<'_> {
    /// The next marker line at or behind `line`.
    fn marker(&self, line: usize) -> Option<(usize, Marker)> {
        let rest = self.bytes.get(line..).unwrap_or_default();
        if let Some(marker) = marker_in(rest) {
            return Some((line, marker));
        }
        memchr::memchr_iter(b'\n', rest).find_map(|newline| {
            let next = rest.get(newline + 1..).unwrap_or_default();
            marker_in(next).map(|marker| (line + newline + 1, marker))
        })
    }
}

fn marker_in(line: &[u8]) -> Option<Marker> {
    let marker = match line {
        [b'-', b'-', b'-', ..] => Marker::Start,
        [b'.', b'.', b'.', ..] => Marker::End,
        _ => return None,
    };
    matches!(line.get(3), None | Some(b' ' | b'\t' | b'\n' | b'\r')).then_some(marker)
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            if self.at >= self.bytes.len() {
                return None;
            }
            let start = self.at;
            let marker = self.marker(self.line);
            let (end, after) = match marker {
                Some((at, Marker::Start)) if at == start => {
                    // The text begins with the marker: the piece goes on to the next one.
                    self.line = at + 3;
                    let next = self.marker_behind(at + 3);
                    return Some(self.cut(start, at + 3, next, false));
                }
                Some((at, _)) => (at, at),
                None => (self.bytes.len(), self.bytes.len()),
            };
            let before = self.bytes.get(start..end).unwrap_or_default();
            let blank = Blank::of(before);
            match marker {
                // Comments and directives in front of a marker belong to its document.
                Some((at, Marker::Start)) if blank != Blank::No => {
                    let next = self.marker_behind(at + 3);
                    return Some(self.cut(start, at + 3, next, blank == Blank::Directives));
                }
                Some((_, Marker::End)) | None if blank == Blank::Yes => {
                    self.skip_to(after, marker);
                }
                _ => return Some(self.cut(start, start, marker, blank == Blank::Directives)),
            }
        }
    }
}

impl Pieces<'_> {
    fn marker_behind(&self, at: usize) -> Option<(usize, Marker)> {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let line = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |newline| at + newline + 1);
        if line >= self.bytes.len() { None } else { self.marker(line) }
    }

    fn cut(&mut self, start: usize, content: usize, next: Option<(usize, Marker)>, has_directive: bool) -> Piece {
        let end = next.map_or(self.bytes.len(), |(at, _)| at);
        self.skip_to(end, next);
        Piece { start, content, end, has_directive }
    }

    /// Goes on at a marker; behind it, where it ends a document.
    fn skip_to(&mut self, at: usize, marker: Option<(usize, Marker)>) {
        let is_end = marker.is_some_and(|(_, marker)| marker == Marker::End);
        self.at = if is_end {
            let rest = self.bytes.get(at..).unwrap_or_default();
            memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |newline| at + newline + 1)
        } else {
            at
        };
        self.line = self.at;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Blank {
    /// Nothing but space and comments.
    Yes,
    /// Also lines that begin with `%`.
    Directives,
    No,
}

impl Blank {
    fn of(bytes: &[u8]) -> Self {
        let mut blank = Self::Yes;
        for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
            match line.trim_ascii_start().first() {
                None | Some(b'#') => {}
                Some(b'%') if line.first() == Some(&b'%') => blank = Self::Directives,
                Some(_) => return Self::No,
            }
        }
        blank
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(&str, &str)> {
        of(text)
            .map(|piece| (text.get(piece.start..piece.content).unwrap(), text.get(piece.content..piece.end).unwrap()))
            .collect()
    }

    #[test]
    fn markers_cut_and_take_what_stands_before_them() {
        assert_eq!(cut("a: 1\n---\nb: 2\n"), [("", "a: 1\n"), ("---", "\nb: 2\n")]);
        assert_eq!(cut("# x\n---\na\n--- # y\n---"), [("# x\n---", "\na\n"), ("---", " # y\n"), ("---", "")]);
        assert_eq!(cut("%YAML 1.1\n---\na\n...\n# z\n"), [("%YAML 1.1\n---", "\na\n")]);
        assert_eq!(cut("a\n...\n%TAG ! x\n---\nb"), [("", "a\n"), ("%TAG ! x\n---", "\nb")]);
        assert_eq!(cut("a\n...\nb\n----\n...x\n"), [("", "a\n"), ("", "b\n----\n...x\n")]);
        assert_eq!(cut("\u{feff}---\na"), [("---", "\na")]);
        assert!(cut("").is_empty() && cut("# only a comment\n\n").is_empty() && cut("...\n...\n").is_empty());
    }
}
