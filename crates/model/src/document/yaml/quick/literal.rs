//! Block scalars (`|` and `>`) without an indentation number.

use super::super::super::{Range, Tag};
use super::{Reader, Step, Unusual, range};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Clip,
    Strip,
    Keep,
}

impl Reader<'_, '_> {
    /// A block scalar inside of something at `column`; `at` goes to the line behind it.
    pub(super) fn literal(&mut self, column: isize, key: Range) -> Step {
        let start = self.at;
        let is_folded = self.byte(start) == Some(b'>');
        self.at += 1;
        let chomping = match self.byte(self.at) {
            Some(b'-') => Chomping::Strip,
            Some(b'+') => Chomping::Keep,
            _ => Chomping::Clip,
        };
        self.at += usize::from(chomping != Chomping::Clip);
        if !self.is_blank(self.at) {
            return Err(Unusual);
        }
        let header = self.at;
        self.rest_of_line()?;
        let header = self.trimmed_end(header);
        let from = self.builder.scratch.len();
        let indent = self.indent(column)?;
        let end = match indent {
            Some(indent) => self.lines(indent, is_folded, chomping)?.unwrap_or(header),
            None if chomping == Chomping::Keep => return Err(Unusual),
            None => header,
        };
        self.last = end;
        let content = self.builder.kept_from(from);
        Ok(self.builder.scalar(Tag::String, key, content, range(start, end))?)
    }

    /// The end of the header line's text, comment included.
    fn trimmed_end(&self, header: usize) -> usize {
        header + self.bytes.get(header..self.at).map_or(0, |line| line.trim_ascii_end().len())
    }

    /// The indentation of the first line that has text, where it belongs to the scalar.
    fn indent(&self, column: isize) -> Step<Option<usize>> {
        let (mut at, mut widest) = (self.at, 0);
        loop {
            let line = at;
            while self.byte(at) == Some(b' ') {
                at += 1;
            }
            let indent = at - line;
            match self.byte(at) {
                None if indent > 0 => return Err(Unusual),
                None => return Ok(None),
                Some(b'\n') => at += 1,
                Some(b'\r') => at += 2,
                Some(b'\t') => return Err(Unusual),
                Some(_) if indent.cast_signed() <= column => return Ok(None),
                Some(_) if widest > indent => return Err(Unusual),
                Some(_) => return Ok(Some(indent)),
            }
            widest = widest.max(indent);
        }
    }

    /// Copies the lines of the scalar; the end of the last one that has text.
    fn lines(&mut self, indent: usize, is_folded: bool, chomping: Chomping) -> Step<Option<usize>> {
        let mut end = None;
        // Line breaks that wait for what follows: the one behind the last text, and those of blank lines.
        let (mut has_break, mut blanks) = (false, 0);
        let mut was_indented = false;
        while self.at < self.bytes.len() {
            let line = self.bytes.get(self.at..).unwrap_or_default();
            let newline = memchr::memchr(b'\n', line);
            let line = line.get(..newline.unwrap_or(line.len())).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let spaces = line.iter().take(indent).take_while(|byte| **byte == b' ').count();
            if spaces < indent {
                match line.get(spaces) {
                    None if newline.is_none() && spaces > 0 => return Err(Unusual),
                    None => blanks += 1,
                    Some(b'\t') => return Err(Unusual),
                    Some(_) => break,
                }
            } else if line.len() == indent {
                blanks += 1;
                if newline.is_none() {
                    return Err(Unusual);
                }
            } else {
                let is_indented = matches!(line.get(indent), Some(b' ' | b'\t'));
                let scratch = &mut self.builder.scratch;
                if is_folded && has_break && !was_indented && !is_indented {
                    if blanks == 0 {
                        scratch.push(' ');
                    }
                } else if has_break {
                    scratch.push('\n');
                }
                scratch.extend(std::iter::repeat_n('\n', blanks));
                scratch.push_str(self.text.get(self.at + indent..self.at + line.len()).ok_or(Unusual)?);
                (has_break, blanks, was_indented) = (newline.is_some(), 0, is_indented);
                let text = line.trim_ascii_end().len();
                end = if text == 0 { end } else { Some(self.at + text) };
            }
            self.at += newline.map_or(line.len(), |newline| newline + 1);
        }
        if chomping != Chomping::Strip && has_break {
            self.builder.scratch.push('\n');
        }
        if chomping == Chomping::Keep {
            self.builder.scratch.extend(std::iter::repeat_n('\n', blanks));
        }
        Ok(end)
    }
}
