//! The quick reader and the full parser build the same tape, spans included.

use super::super::*;
use crate::document::{Node, Tag};

/// What the two readers made of one document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Readers {
    Agree,
    /// The quick reader left it to the full parser.
    OnlyFull,
    /// The full parser refuses it, with these words.
    OnlyQuick(String),
}

/// # Panics
/// The readers build different tapes.
pub(super) fn compare(text: &str) -> Vec<Readers> {
    let source = Arc::new(SourceText::new("t.yaml", text));
    pieces::of(text)
        .filter(|piece| forbidden(text.get(piece.start..piece.end).unwrap()).is_none())
        .map(|piece| {
            let Some(quick) = read_quickly(&source, &Limits::STANDARD, &piece) else { return Readers::OnlyFull };
            let (mut full, mut copies) = (Vec::new(), 0);
            let mut take = |builder: Builder<'_>| full.push(builder.finish(0));
            if let Err(error) = events::read(&source, &Limits::STANDARD, &piece, &mut copies, &mut take) {
                return Readers::OnlyQuick(error.message);
            }
            let quick = described(&quick.finish(0));
            let full: Vec<_> = full.iter().map(described).collect();
            let cut = text.get(piece.start..piece.end).unwrap();
            assert_eq!(vec![quick], full, "of {cut:?}");
            Readers::Agree
        })
        .collect()
}

type Described<'d> = (Tag, bool, u32, String, String, (u32, u32));

fn described(document: &Document) -> Vec<Described<'_>> {
    let describe = |node: &Node| {
        let is_scalar = matches!(node.tag, Tag::String | Tag::Number);
        let content =
            if is_scalar { document.text(node.content).to_owned() } else { node.content.start.to_string() };
        let content = if is_scalar || matches!(node.tag, Tag::Array | Tag::Object) { content } else { String::new() };
        // Of a document without anything there is nothing to point at.
        let span = if document.nodes.len() == 1 && node.tag == Tag::Null { (0, 0) } else { (node.span.start, node.span.end) };
        (node.tag, node.shadowed, node.next, document.text(node.key).to_owned(), content, span)
    };
    document.nodes.iter().map(describe).collect()
}

#[test]
fn readers_agree_on_short_texts_with_traps() {
    let mut agreed = 0;
    for line in include_str!("../../../../tests/kubernetes_yaml.jsonl").lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        for readers in compare(case["yaml"].as_str().unwrap()) {
            match readers {
                Readers::OnlyQuick(message) => assert!(is_strictness(&message), "{line}: {message}"),
                Readers::Agree => agreed += 1,
                Readers::OnlyFull => {}
            }
        }
    }
    assert!(agreed > 150, "{agreed}");
}

/// Where the full parser keeps rules of YAML 1.2 that Kubernetes' reader does not.
fn is_strictness(message: &str) -> bool {
    ["invalid indentation", "':' must be followed by a valid YAML whitespace"].iter().any(|rule| message.contains(rule))
}

/// Compares on every YAML file below the folder that the environment names, if it does.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads files")]
fn readers_agree_on_real_files() {
    let Some(folder) = std::env::var_os("YAMLDIR") else { return };
    let mut folders = vec![std::path::PathBuf::from(folder)];
    let (mut agreed, mut full, mut quick) = (0, 0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if !path.extension().is_some_and(|e| e == "yaml" || e == "yml") { continue }
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            for r in compare(&text) {
                match r {
                    Readers::Agree => agreed += 1,
                    Readers::OnlyFull => { full += 1; println!("full {}", path.display()); }
                    Readers::OnlyQuick(m) => { quick += 1; println!("quick {} {m}", path.display()); }
                }
            }
        }
    }
    println!("agreed {agreed} full {full} quick {quick}");
}
