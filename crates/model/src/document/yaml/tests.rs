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
#[test]
fn a_merge_key_that_overrides_is_reported_and_one_that_is_overridden_is_not() {
    let (documents, errors) = read("x: &x {a: 1, b: 2}\nw:\n  <<: *x\n  a: 3\nz:\n  a: 4\n  <<: *x\n");
    assert_eq!(errors, []);
    let root = documents[0].root();
    assert_eq!(root.get("w").unwrap().to_json(), json!({"a": 3, "b": 2}));
    assert_eq!(root.get("z").unwrap().to_json(), json!({"a": 1, "b": 2}));
    let [notice] = documents[0].notices() else { panic!("{:?}", documents[0].notices()) };
    assert_eq!(notice.line, 6);
    assert!(notice.message.contains("`<<`"), "{}", notice.message);
}

#[test]
fn aliases_in_many_documents_share_one_allowance() {
    let one = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nb: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n";
    let limits = Limits { copies: 1000, ..Limits::STANDARD };
    let source = Arc::new(SourceText::new("t.yaml", [one; 20].join("---\n")));
    let (documents, error) = Document::all_from_yaml(&source, &limits);
    assert_eq!(documents.len(), 10);
    assert!(error.unwrap().message.contains("aliases"));
}

#[test]
fn depth_of_an_alias_is_that_of_its_value() {
    let limits = Limits { depth: 5, ..Limits::STANDARD };
    let read = |text: &str| Document::all_from_yaml(&Arc::new(SourceText::new("t.yaml", text)), &limits).1;
    assert_eq!(read("a: &a [1, 2, [3, 4, 5, 6]]\nb: [[*a]]\n"), None);
    assert!(read("a: &a [[[1]]]\nb: [[*a]]\n").unwrap().message.contains("nested deeper"));
}

#[test]
fn characters_that_hide_text_are_refused_or_reported() {
    assert!(read("a: 1\0\n").1[0].message.contains("U+0000"));
    let (documents, errors) = read("a: 1 # x\u{2028}b: 2\n");
    assert_eq!(errors, []);
    assert_eq!(documents[0].notices().len(), 1);
}
