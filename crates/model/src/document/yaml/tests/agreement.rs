//! The quick reader and the full parser build the same tape, spans included.

use std::io::Read;
use std::path::PathBuf;

use proptest::prelude::*;

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
        let content = if is_scalar { document.text(node.content).to_owned() } else { node.content.start.to_string() };
        let content = if is_scalar || matches!(node.tag, Tag::Array | Tag::Object) { content } else { String::new() };
        // Of a document without anything there is nothing to point at.
        let span =
            if document.nodes.len() == 1 && node.tag == Tag::Null { (0, 0) } else { (node.span.start, node.span.end) };
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

/// # Panics
/// The readers disagree, or more than a few documents of `texts` were left to the full parser.
fn assert_agreement(texts: impl Iterator<Item = (String, String)>, at_least: usize) {
    let (mut agreed, mut left) = (0, Vec::new());
    for (name, text) in texts {
        for readers in compare(&text) {
            match readers {
                Readers::Agree => agreed += 1,
                Readers::OnlyFull => left.push(name.clone()),
                Readers::OnlyQuick(message) => assert!(is_strictness(&message), "{name}: {message}"),
            }
        }
    }
    assert!(agreed >= at_least, "only {agreed} documents");
    assert!(left.len() * 50 <= agreed, "left to the full parser: {left:?}");
}

#[test]
fn readers_agree_on_the_examples() {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"))];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                texts.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert_agreement(texts.into_iter(), 100);
}

#[test]
fn readers_agree_on_the_corpora() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora");
    let folder = std::env::var_os("RAMPART_CORPORA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    for (name, at_least) in [("kyverno-policies.tar.zst", 2000), ("gatekeeper-library.tar.zst", 290)] {
        let Ok(file) = std::fs::File::open(folder.join(name)) else { continue };
        let mut archive = tar::Archive::new(zstd::Decoder::new(file).unwrap());
        let texts = archive.entries().unwrap().filter_map(|entry| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().display().to_string();
            let mut text = String::new();
            let is_yaml = name.ends_with(".yaml") && entry.read_to_string(&mut text).is_ok();
            is_yaml.then_some((name, text))
        });
        assert_agreement(texts, at_least);
    }
}

fn line() -> impl Strategy<Value = String> {
    let pick = |words: &'static [&'static str]| prop::sample::select(words);
    let key =
        pick(&["a", "b", "'c'", "\"d\"", "e f", "yes", "1", "-g", "h.i/j", "k:l", "<<", "é", "{m}", "\"n\\t\"", ""]);
    let value = pick(&[
        "",
        " ",
        " a",
        " 'b'",
        " \"c\"",
        " |",
        " >",
        " |-",
        " >+",
        " # d",
        " e # f",
        " g:h",
        " i: j",
        " [k, l]",
        " {m: n}",
        " [",
        " ]",
        " {o: [p, {q: 'r'}], }",
        " 1",
        " ~",
        " no",
        " -",
        " - s",
        " -t",
        " \"u",
        " v\"",
        " 'w''x'",
        " \"\\u00e9\"",
        " &y z",
        " *y",
        " !!str 1",
        " a\tb",
        "\ta",
        " \"a\\",
        " 'a' b",
        " é",
        " é # ü",
        " [a: b]",
        " {a}",
        " [a,, b]",
        " ?",
        " @a",
        " a #",
        " {a: 'b', \"c\":d}",
        " [a]b",
        " {a: b",
        "   c}",
        "  a",
        " : b",
        " []",
        " {}",
        " {a: }",
        " |2",
        " |\n\n",
        " >\n \n",
    ]);
    let indent = pick(&["", "", "", "  ", "  ", "  ", "    ", "    ", " ", "      ", "\t"]);
    let dash = pick(&["", "", "", "", "- ", "- ", "-   ", "- - ", "-\t", "? "]);
    let colon = pick(&[":", ":", ":", ":", ":", ":", "", " :", "::"]);
    let ending =
        pick(&["\n", "\n", "\n", "\n", "\n", "\n\n", "\r\n", " \n", "", "\n# x\n", "\n    # x\n", "\n---\n", "\r"]);
    let is_entry = pick(&["y", "y", "y", ""]);
    (indent, dash, key, colon, value, ending, is_entry).prop_map(
        |(indent, dash, key, colon, value, ending, is_entry)| match is_entry {
            "" => format!("{indent}{dash}{}{ending}", value.trim_start()),
            _ => format!("{indent}{dash}{key}{colon}{value}{ending}"),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readers_agree_on_whatever_lines(lines in prop::collection::vec(line(), 1..8)) {
        for readers in compare(&lines.concat()) {
            if let Readers::OnlyQuick(message) = readers {
                prop_assert!(is_strictness(&message), "{message}");
            }
        }
    }
}
