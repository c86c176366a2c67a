//! Long YAML, cut at document markers while it is read, so that no more than one long document is held.

use std::io::{self, Read};

use rampart_model::{Diagnostic, Name, SourceText};

use super::Batch;
use crate::file;
use crate::pool::{Feed, Form, Item};
use crate::text;

/// Bytes read at a time.
const CHUNK: u64 = 1 << 20;

/// Feeds every document; returns what could not be read. A document above `document_bytes` ends the reading.
pub(super) fn feed(name: &Name, mut input: impl Read, document_bytes: u64, feed: &Feed) -> Vec<Diagnostic> {
    let (mut mistakes, mut batch) = (Vec::new(), Batch::new(feed));
    let (mut held, mut line, mut position) = (Vec::new(), 1_u32, 0_u32);
    loop {
        let is_last = match io::copy(&mut input.by_ref().take(CHUNK), &mut held) {
            Ok(read) => read < CHUNK,
            Err(error) => {
                mistakes.push(lost(name, line, format!("cannot be read on: {error}; the rest is not read")));
                true
            }
        };
        let rest = if is_last { Vec::new() } else { held.split_off(last_marker(&held)) };
        let documents = std::mem::replace(&mut held, rest);
        let lines = u32::try_from(memchr::memchr_iter(b'\n', &documents).count()).unwrap_or(u32::MAX);
        match String::from_utf8(documents) {
            Ok(documents) => {
                let whole = SourceText { first_line: line, ..SourceText::new(Name::clone(name), documents) };
                for part in text::parts(&whole.text) {
                    batch.add(Item { source: part.source(&whole), position, listed_as: None, form: Form::Yaml });
                    position = position.saturating_add(1);
                }
            }
            Err(error) => {
                let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let at = u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX);
                let message = "not UTF-8 text; the documents around it are not read, save it as UTF-8";
                mistakes.push(lost(name, line.saturating_add(at), message.to_owned()));
            }
        }
        line = line.saturating_add(lines);
        if is_last {
            break;
        }
        if held.len() as u64 > document_bytes {
            mistakes.push(lost(name, line, format!("a document {}", file::too_large(document_bytes))));
            break;
        }
    }
    batch.flush();
    mistakes
}

fn lost(name: &Name, line: u32, message: String) -> Diagnostic {
    Diagnostic { line, column: 1, ..Diagnostic::lost(Name::clone(name), message) }
}

/// Where the last document begins that may not be complete; 0 where there is only one. White space must follow a marker,
/// so one at the very end is not yet known as one.
fn last_marker(held: &[u8]) -> usize {
    let is_marker = |at: &usize| matches!(held.get(at + 4), Some(b' ' | b'\t' | b'\r' | b'\n'));
    memchr::memmem::rfind_iter(held, b"\n---").find(is_marker).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_lies_before_the_last_marker_only() {
        assert_eq!(last_marker(b"a: 1\n---\nb: 2\n--- # x\nc: 3\n"), 14);
        assert_eq!(last_marker(b"a: 1\n---x: 2\n"), 0);
        assert_eq!(last_marker(b"a: 1\n---\nb: 2\n---"), 5);
        assert_eq!(last_marker(b"---\na: 1\n"), 0);
    }
}
