//! YAML as Kubernetes takes it, document by document, with its places.

mod agreement;

use serde_json::json;

use super::*;
use crate::document::read_documents;

fn read(text: &str) -> (Vec<Document>, Vec<Diagnostic>) {
    read_documents(SourceText::new("t.yaml", text), &Limits::STANDARD)
}

#[test]
fn third_document_of_a_file_has_the_right_place() {
    let (documents, errors) = read("a: 1\n---\nb: é\n---\nc:\n  d: [x, 'é', {e: yes}]\n");
    assert_eq!(errors, []);
    let value = documents[2].root().follow(&"c.d[2].e".parse().unwrap()).unwrap();
    assert_eq!(value.bool(), Some(true));
    let location = value.location();
    assert_eq!((location.line, location.column, location.end_column), (6, 16, 22));
}

#[test]
fn aliases_are_copied_and_bombs_are_refused() {
    let (documents, errors) = read("a: &x {k: [1, 2]}\nb: *x\n");
    assert_eq!(errors, []);
    assert_eq!(documents[0].root().to_json(), json!({"a": {"k": [1, 2]}, "b": {"k": [1, 2]}}));
    let bomb: String = (1..40).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [*a{}, *a{}]\n", level - 1, level - 1)
    });
    assert!(read(&bomb).1[0].message.contains("aliases"));
}

#[test]
fn a_broken_document_costs_only_itself() {
    let (documents, errors) = read("a: 1\n---\nb: [1\n---\nc:\n  d: 3\n");
    assert_eq!(documents.len(), 2);
    assert_eq!((errors.len(), errors[0].lost), (1, true));
    assert_eq!(documents[1].position(), 2);
    let value = documents[1].root().follow(&"c.d".parse().unwrap()).unwrap();
    assert_eq!(value.location().line, 6);
}
