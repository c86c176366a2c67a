//! One text to its documents, by what the text looks like.

use std::sync::Arc;

use super::{Document, Limits};
use crate::source::{Diagnostic, SourceText};

/// Reads a text as JSON where it begins with `{` or `[`, else (or where that fails) as a YAML stream.
pub fn read_documents(source: SourceText, limits: &Limits) -> (Vec<Document>, Vec<Diagnostic>) {
    let source = Arc::new(source);
    let first = source.text.trim_start_matches('\u{feff}').trim_start().bytes().next();
    if !matches!(first, Some(b'{' | b'[')) {
        return read_yaml(&source, limits);
    }
    match Document::from_json(Arc::clone(&source), limits) {
        Ok(document) => (vec![document], Vec::new()),
        // YAML flow style also begins with a brace. If YAML does not like it either, the JSON error is the clearer one.
        Err(error) => {
            let (documents, errors) = read_yaml(&source, limits);
            if errors.is_empty() { (documents, errors) } else { (Vec::new(), vec![error]) }
        }
    }
}

fn read_yaml(source: &Arc<SourceText>, limits: &Limits) -> (Vec<Document>, Vec<Diagnostic>) {
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    Document::each_from_yaml(source, limits, &mut |read| match read {
        Ok(document) => documents.push(document),
        Err(error) => errors.push(error),
    });
    (documents, errors)
}

/// Reads one JSON object that was cut out of a stream.
///
/// # Errors
/// As [`Document::from_json`].
pub fn read_item(source: SourceText, limits: &Limits) -> Result<Document, Diagnostic> {
    Document::from_json(Arc::new(source), limits)
}
