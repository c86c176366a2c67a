//! One text in memory to its documents, with as little lost to a mistake as possible.

use std::sync::Arc;

use rampart_model::document::{read_documents, read_item};
use rampart_model::{Diagnostic, Document, Limits, Name, Object, SourceText};

/// What one reader has seen; joined with the others' at the end.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    pub(crate) fn merge(&mut self, other: Tally) {
        self.diagnostics.extend(other.diagnostics);
        self.sources += other.sources;
        self.skipped += other.skipped;
    }

    /// Hands on a document that holds an object, with its doubts, and counts one that does not.
    pub(crate) fn deliver(&mut self, document: &Document, take: &mut dyn FnMut(&Document)) {
        if document.root().is_null() {
            return;
        }
        if !holds_object(document) {
            self.skipped += 1;
            return;
        }
        self.diagnostics.extend(document.notices().iter().cloned());
        take(document);
    }
}

/// Whether a document holds an object or a list; without looking at the items of a list.
fn holds_object(document: &Document) -> bool {
    Object::of(document.root()).is_some() || !Object::all(document).is_empty()
}

/// Whether text could hold an object: every object names its API version. Keys written with escapes are not expected.
pub(crate) fn mentions_objects(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"apiVersion").is_some()
}

/// Reads all documents of `source`. `is_named`: the user asked for this very file, so that anything unreadable in it
/// is a loss; in a folder, broken text that speaks of no object is only worth a note.
pub(crate) fn read(
    source: SourceText,
    is_named: bool,
    limits: &Limits,
    tally: &mut Tally,
    take: &mut dyn FnMut(&Document),
) {
    tally.sources += 1;
    let is_lost = is_named || mentions_objects(&source.text);
    let is_template = source.text.contains("{{");
    let mut each = |read: Result<Document, Diagnostic>| match read {
        Ok(document) => tally.deliver(&document, take),
        Err(error) => tally.diagnostics.push(explained(error, is_lost, is_template)),
    };
    if is_json_lines(&source.text) {
        for (position, part) in parts(&source.text).into_iter().enumerate() {
            let position = u32::try_from(position).unwrap_or(u32::MAX);
            each(read_item(part.source(&source), limits).map(|document| document.at_position(position)));
        }
    } else if source.text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        let (documents, errors) = read_documents(source, limits);
        documents.into_iter().map(Ok).chain(errors.into_iter().map(Err)).for_each(each);
    } else {
        Document::each_from_yaml(&Arc::new(source), limits, &mut each);
    }
}

fn explained(error: Diagnostic, is_lost: bool, is_template: bool) -> Diagnostic {
    let message = match is_template {
        true => format!("{} (it has `{{{{`: a template must be rendered before it can be scanned)", error.message),
        false => error.message,
    };
    Diagnostic { message, lost: is_lost, ..error }
}

pub(crate) struct Part<'t> {
    pub(crate) text: &'t str,
    /// Lines of the whole text before this part.
    line: u32,
}

impl Part<'_> {
    /// The part as a source of its own, with its place in `whole`.
    pub(crate) fn source(&self, whole: &SourceText) -> SourceText {
        SourceText {
            first_line: whole.first_line.saturating_add(self.line),
            has_lines: whole.has_lines,
            ..SourceText::new(Name::clone(&whole.name), self.text)
        }
    }
}

fn is_json_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_object = |line: &str| line.starts_with('{') && line.trim_end().ends_with('}');
    lines.next().is_some_and(is_object) && lines.next().is_some_and(is_object)
}

/// Cuts a text at its document separators, or at line ends where it is a stream of JSON lines. A line that begins with
/// `---` and goes on with white space or ends is a separator wherever it stands: YAML allows it inside no scalar.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let is_line = is_json_lines(text);
    let (mut found, mut start, mut offset, mut line, mut start_line) = (Vec::new(), 0, 0, 0, 0);
    for content in text.split_inclusive('\n') {
        let is_separator = content
            .strip_prefix("---")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
        if offset > start && (is_line || is_separator) {
            found.push(Part { text: text.get(start..offset).unwrap_or_default(), line: start_line });
            (start, start_line) = (offset, line);
        }
        offset += content.len();
        line += 1;
    }
    found.push(Part { text: text.get(start..).unwrap_or_default(), line: start_line });
    found.retain(|part| !part.text.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (Vec<String>, Vec<String>, u64) {
        let (mut tally, mut found) = (Tally::default(), Vec::new());
        read(SourceText::new("t", text), false, &Limits::STANDARD, &mut tally, &mut |document| {
            for object in Object::all(document) {
                let location = object.value().get("kind").unwrap().location();
                found.push(format!("{}:{}", object.name(), location.line));
            }
        });
        (found, tally.diagnostics.iter().map(ToString::to_string).collect(), tally.skipped)
    }

    const OBJECT: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n";

    #[test]
    fn document_after_a_broken_one_is_still_read() {
        let text = format!("{OBJECT}---\napiVersion: v1\nkind: [\n---\n{OBJECT}--- # end\n");
        let (found, diagnostics, _) = names(&text);
        assert_eq!(found, ["x:2", "x:9"]);
        assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
        assert!(diagnostics[0].starts_with("t:"), "{diagnostics:?}");
    }

    #[test]
    fn json_line_after_a_broken_one_is_still_read() {
        let object = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"}}"#;
        let (found, diagnostics, _) = names(&format!("{object}\n{{\"apiVersion\": }}\n\n{object}\n"));
        assert_eq!(found, ["x:1", "x:4"]);
        assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
        assert!(diagnostics[0].starts_with("t:2:"), "{diagnostics:?}");
    }

    #[test]
    fn what_is_no_object_is_counted_and_no_error() {
        assert_eq!(names("services:\n  web: {image: nginx}\n"), (vec![], vec![], 1));
        assert_eq!(names("{\"name\": \"left-pad\"}"), (vec![], vec![], 1));
        assert_eq!(names("---\n---\n# nothing\n"), (vec![], vec![], 0));
    }

    #[test]
    fn template_is_told_from_broken_text() {
        let (_, diagnostics, _) = names("apiVersion: v1\nkind: {{ .Values.kind }}\n  x: 1\n");
        assert!(diagnostics[0].contains("rendered"), "{diagnostics:?}");
    }
}
