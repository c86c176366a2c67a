//! YAML streams to [`Document`]s, as the YAML reader of kubectl and the API server takes them.
//!
//! The text is cut at its document markers first, so that a mistake costs one document. A piece goes to the quick
//! reader, which knows the block style that nearly all manifests are written in and gives up on anything else; what it
//! gives up on is read again by the full parser. Both build the same tape, down to the spans.

mod assembly;
mod events;
mod pieces;
mod quick;
mod tagged;

use std::sync::Arc;

use super::build::Builder;
use super::{Document, Limits};
use crate::source::{Diagnostic, SourceText, saturate};
use pieces::Piece;

pub(super) fn parse(source: &Arc<SourceText>, limits: &Limits, take: &mut dyn FnMut(Result<Document, Diagnostic>)) {
    if source.text.len() > limits.bytes as usize {
        let message = format!("larger than {} bytes; split the file", limits.bytes);
        return take(Err(Diagnostic::lost(source.name.clone(), message)));
    }
    let separator = line_separator(&source.text);
    let mut copies = limits.copies;
    let mut position = 0;
    for piece in pieces::of(&source.text) {
        if let Some((at, character)) = forbidden(source.text.get(piece.start..piece.end).unwrap_or_default()) {
            let message = format!(
                "not valid YAML: control character U+{:04X}; write it as an escape in a quoted string",
                u32::from(character)
            );
            take(Err(Diagnostic::at(source, saturate(piece.start + at), message, true)));
            position += 1;
            continue;
        }
        match read_quickly(source, limits, &piece) {
            Some(builder) => take(Ok(finish(builder, position, separator, &piece))),
            None => {
                let outcome = events::read(source, limits, &piece, &mut copies, &mut |builder: Builder<'_>| {
                    take(Ok(finish(builder, position, separator, &piece)));
                    position += 1;
                });
                match outcome {
                    Ok(()) => continue,
                    Err(error) => take(Err(error)),
                }
            }
        }
        position += 1;
    }
}

fn finish(mut builder: Builder<'_>, position: u32, separator: Option<usize>, piece: &Piece) -> Document {
    if let Some(at) = separator.filter(|at| (piece.start..piece.end).contains(at)) {
        let message = "a character that Kubernetes' reader takes for a line break and editors do not show; write it as \
                       an escape in a quoted string";
        builder.notice(saturate(at), message.to_owned());
    }
    builder.finish(position)
}

/// The first line break that only YAML 1.1 knows. It could hide what stands behind it, in a comment for example.
fn line_separator(text: &str) -> Option<usize> {
    if text.is_ascii() { None } else { text.find(['\u{85}', '\u{2028}', '\u{2029}']) }
}

fn read_quickly<'l>(source: &Arc<SourceText>, limits: &'l Limits, piece: &Piece) -> Option<Builder<'l>> {
    if piece.has_directive {
        return None;
    }
    let builder = Builder::new(Arc::clone(source), limits, piece.end - piece.start);
    quick::read(&source.text, piece, builder).ok()
}

/// The first character that YAML does not allow to stand in a text as it is.
fn forbidden(text: &str) -> Option<(usize, char)> {
    let is_bad = |byte: u8| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) | (byte == 0x7F);
    // No early exit within a chunk: this way it is a few instructions for many bytes.
    let is_clean = text.as_bytes().chunks(64).all(|chunk| !chunk.iter().fold(false, |bad, byte| bad | is_bad(*byte)));
    if is_clean && text.is_ascii() {
        return None;
    }
    text.char_indices().find(|(_, character)| match *character {
        '\u{85}' => false,
        '\u{FFFE}' | '\u{FFFF}' => true,
        other => other.is_control() && !matches!(other, '\t' | '\n' | '\r'),
    })
}

#[cfg(test)]
mod tests;
