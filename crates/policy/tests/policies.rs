//! The expressions of Kyverno's public policies, as far as the archive has them: all parse, and none names a function that
//! is not there.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a broken harness must stop the test with its reason")]

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rampart_model::document::Kind;
use rampart_model::{Document, Limits, SourceText, Value};
use rampart_policy::jmespath::{Expression, Mode};

fn manifests() -> Option<Vec<String>> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let Ok(packed) = std::fs::read(folder.join("kyverno-policies.tar.zst")) else {
        println!("SKIPPED: {} has no kyverno-policies.tar.zst; set RAMPART_CORPORA", folder.display());
        return None;
    };
    let bytes = zstd::decode_all(packed.as_slice()).expect("the corpus is zstd");
    let mut texts = Vec::new();
    for entry in tar::Archive::new(bytes.as_slice()).entries().expect("the corpus is a tar archive") {
        let mut entry = entry.expect("an entry");
        let mut text = String::new();
        let is_yaml = entry.path().is_ok_and(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"));
        if is_yaml && entry.read_to_string(&mut text).is_ok() {
            texts.push(text);
        }
    }
    Some(texts)
}

/// What stands in `{{ }}`, innermost first, each replaced by a word that is a name and JSON too.
fn variables(text: &str, found: &mut BTreeSet<String>) -> String {
    let braces = regex::Regex::new(r"\{\{((?:\{[^{}]*\}|[^{}])*)\}\}").expect("a pattern");
    let mut text = text.to_owned();
    while braces.is_match(&text) {
        found.extend(braces.captures_iter(&text).map(|captures| captures[1].trim().to_owned()));
        text = braces.replace_all(&text, "null").into_owned();
    }
    text
}

fn collect(value: Value<'_>, key: &str, found: &mut BTreeSet<String>) {
    match value.kind() {
        Kind::String => {
            let rest = variables(value.str().unwrap_or_default(), found);
            if key == "jmesPath" {
                found.insert(rest);
            }
        }
        Kind::Array => value.items().for_each(|item| collect(item, key, found)),
        Kind::Object => value.entries().for_each(|(key, value)| collect(value, key, found)),
        _ => {}
    }
}

#[test]
fn the_expressions_of_public_policies_parse() {
    let Some(texts) = manifests() else { return };
    let mut found = BTreeSet::new();
    for text in texts {
        let (documents, _) =
            Document::all_from_yaml(&Arc::new(SourceText::new("policy.yaml", text)), &Limits::STANDARD);
        let is_kyverno = |document: &&Document| {
            document.root().text_at(&["apiVersion"]).is_some_and(|version| version.starts_with("kyverno.io/"))
        };
        documents.iter().filter(is_kyverno).for_each(|document| collect(document.root(), "", &mut found));
    }
    let mut wrong = Vec::new();
    for text in &found {
        match Expression::parse(text, Mode::Kyverno) {
            Ok(expression) if expression.doubts().is_empty() => {}
            Ok(expression) => wrong.push(format!("{text}: {:?}", expression.doubts())),
            Err(error) => wrong.push(format!("{text}: {error}")),
        }
    }
    println!("{} expressions, {} wrong", found.len(), wrong.len());
    assert!(found.len() > 100, "only {} expressions: the archive is not what it was", found.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
