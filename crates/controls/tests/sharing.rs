//! How objects are shared out among evaluators, and in which order they come, leaves no trace in the result.

#![expect(clippy::expect_used, reason = "an example that cannot be read must stop the test with its reason")]

use std::path::{Path, PathBuf};

use rampart_controls::{Evaluator, rules};
use rampart_model::document::read_documents;
use rampart_model::{Document, Evaluation, Limits, Settings, SourceText};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

fn examples() -> Vec<Document> {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples"), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("the file is read");
        read_documents(SourceText::new(path.display().to_string(), text), &Limits::STANDARD).0
    };
    paths.iter().flat_map(read).collect()
}

/// Deals the documents out to `count` evaluators, in turn.
fn evaluate<'d>(documents: impl Iterator<Item = &'d Document>, count: usize) -> Evaluation {
    let settings = Settings::new("2026-06-01T00:00:00Z".parse().expect("a time"));
    let rules = rules();
    let mut evaluators: Vec<_> = (0..count).map(|_| Evaluator::new(&settings, &rules)).collect();
    for (position, document) in documents.enumerate() {
        if let Some(evaluator) = evaluators.get_mut(position % count) {
            evaluator.document(document);
        }
    }
    let whole = evaluators.into_iter().reduce(|mut whole, part| {
        whole.merge(part);
        whole
    });
    whole.expect("at least one evaluator").finish("examples", Vec::new())
}

#[test]
fn evaluators_beside_each_other_find_what_one_finds() {
    let documents = examples();
    let one = evaluate(documents.iter(), 1);
    assert!(one.findings.len() > 500, "only {} findings", one.findings.len());
    for count in [2, 5] {
        assert!(evaluate(documents.iter(), count) == one, "{count} evaluators differ from one");
    }
}

#[test]
fn the_order_of_documents_leaves_no_trace() {
    let documents = examples();
    assert!(evaluate(documents.iter().rev(), 1) == evaluate(documents.iter(), 1), "the order shows");
}
