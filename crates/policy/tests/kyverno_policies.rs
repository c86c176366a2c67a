//! Kyverno's public policies with their tests, against a list that only grows. Strictly: the status of the rule must be
//! the expected one, and a rule that did not apply has none. Rows that need a values file or an engine that is not there
//! count as misses.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a broken harness must stop the test with its reason"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText};
use rampart_policy::kyverno::cases::{self, Row};
use rampart_policy::patch::equality::same;
use serde_json::Value as Tree;

const NAME: &str = "kyverno-test.yaml";

type Files = BTreeMap<PathBuf, String>;

fn corpus() -> Option<Files> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let Ok(packed) = std::fs::read(folder.join("kyverno-policies.tar.zst")) else {
        println!("SKIPPED: {} has no kyverno-policies.tar.zst; set RAMPART_CORPORA", folder.display());
        return None;
    };
    let bytes = zstd::decode_all(packed.as_slice()).expect("the corpus is zstd");
    let mut files = Files::new();
    for entry in tar::Archive::new(bytes.as_slice()).entries().expect("the corpus is a tar archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").into_owned();
        let mut text = String::new();
        if path.extension().is_some_and(|end| end == "yaml" || end == "yml") && entry.read_to_string(&mut text).is_ok()
        {
            files.insert(normal(&path), text);
        }
    }
    Some(files)
}

fn normal(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(found.pop()),
            Component::Normal(part) => found.push(part),
            _ => {}
        }
    }
    found
}

fn documents(files: &Files, folder: &Path, list: &Tree) -> Vec<Document> {
    let names = list.as_array().into_iter().flatten().filter_map(Tree::as_str);
    let texts = names.filter_map(|name| files.get(&normal(&folder.join(name))));
    texts
        .flat_map(|text| {
            let source = Arc::new(SourceText::new("case", text.as_str()));
            Document::all_from_yaml(&source, &Limits::STANDARD).0
        })
        .collect()
}

/// Which kind of rows a folder holds, by the ending of its name.
fn family(folder: &Path) -> &'static str {
    let first = folder.iter().next().unwrap_or_default().to_string_lossy().into_owned();
    let endings = ["-cel", "-vpol", "-mpol", "-gpol"];
    endings.into_iter().find(|ending| first.ends_with(ending)).unwrap_or("classic")
}

/// The manifest of a result that should come out, for an object of this kind and name; none where the file has none.
fn manifest(files: &Files, folder: &Path, path: &str, row: &Row) -> Option<Vec<Tree>> {
    let documents = documents(files, folder, &Tree::Array(vec![path.into()]));
    let objects = documents.iter().flat_map(Object::all);
    Some(objects.filter(|object| object.kind() == row.kind).map(|object| object.value().to_json()).collect())
}

/// The rows of one file: name and whether it is met, manifests included.
fn rows(files: &Files, texts: &cases::Files, path: &Path, case: &Tree) -> Vec<(String, bool)> {
    let folder = path.parent().unwrap();
    let resources = documents(files, folder, &case["resources"]);
    let names: BTreeSet<String> =
        resources.iter().flat_map(Object::all).map(|object| object.name().to_owned()).collect();
    let ran = cases::run(&path.display().to_string(), texts, None).unwrap();
    let mut found = Vec::new();
    for row in ran.rows {
        let results = case["results"].as_array().into_iter().flatten();
        let own = results.clone().find(|result| {
            let named = result["resources"].as_array().into_iter().flatten().filter_map(Tree::as_str);
            let named: Vec<&str> = named.map(|name| name.rsplit('/').next().unwrap_or(name)).collect();
            let rule = result["rule"].as_str().unwrap_or_default();
            result["policy"] == row.policy.as_str()
                && result["result"] == row.expected.as_str()
                && (rule.is_empty() || row.rule.ends_with(rule) || rule.starts_with(row.rule.as_str()))
                && named.contains(&row.resource.as_str())
        });
        // The corpus has not all files of its cases; nothing can be said of what is not there.
        let Some(result) = own.filter(|_| names.contains(&row.resource)) else { continue };
        let made = |key: &str| result[key].as_str().map(|path| manifest(files, folder, path, &row).unwrap_or_default());
        let patched = made("patchedResources").is_none_or(|wanted| {
            row.actual != "pass"
                || wanted.iter().any(|wanted| row.patched.as_ref().is_some_and(|patched| same(wanted, patched)))
        });
        let generated = result["generatedResource"].as_str().is_none_or(|path| {
            let documents = documents(files, folder, &Tree::Array(vec![path.into()]));
            let wanted: Vec<Tree> =
                documents.iter().flat_map(Object::all).map(|object| object.value().to_json()).collect();
            row.actual != "pass"
                || wanted.iter().all(|wanted| row.generated.iter().flatten().any(|made| same(wanted, made)))
        });
        let name =
            format!("{} {} {} {} {}/{}", folder.display(), row.policy, row.rule, row.kind, row.namespace, row.resource);
        let is_met = row.is_met() && patched && generated;
        if !is_met && std::env::var_os("RAMPART_MISSES").is_some() {
            println!("told: {name}: expected {}, {} {patched} {generated} {}", row.expected, row.actual, row.message);
        }
        found.push((name, is_met));
    }
    found
}

#[test]
fn the_public_policies_are_judged_as_far_as_the_list_says() {
    let Some(files) = corpus() else { return };
    let texts: cases::Files = files.iter().map(|(path, text)| (path.display().to_string(), text.clone())).collect();
    let mut met: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut all: BTreeMap<String, bool> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(NAME)) {
        let folder = path.parent().expect("a folder");
        let source = Arc::new(SourceText::new(NAME, text.as_str()));
        for case in Document::all_from_yaml(&source, &Limits::STANDARD).0 {
            for (row, is_met) in rows(&files, &texts, path, &case.root().to_json()) {
                let count = met.entry(family(folder)).or_default();
                *count = (count.0 + usize::from(is_met), count.1 + 1);
                *all.entry(row).or_insert(true) &= is_met;
            }
        }
    }
    for (family, (met, all)) in &met {
        println!("{family}: {met} of {all} rows as expected");
    }
    let (passing, failing): (Vec<_>, Vec<_>) = all.iter().partition(|(_, is_met)| **is_met);
    if std::env::var_os("RAMPART_MISSES").is_some() {
        failing.iter().for_each(|(row, _)| println!("miss: {row}"));
    }
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kyverno_policies.passing");
    if std::env::var_os("RAMPART_RATCHET").is_some() {
        let text: String = passing.iter().map(|(row, _)| format!("{row}\n")).collect();
        std::fs::write(&list, text).expect("the list is written");
    }
    let known = std::fs::read_to_string(&list).unwrap_or_default();
    let lost: Vec<&str> = known.lines().filter(|row| all.get(*row) == Some(&false)).collect();
    assert!(lost.is_empty(), "{} were as expected before: {lost:?}", lost.len());
    assert!(!known.is_empty(), "no list of rows; write it with RAMPART_RATCHET=1");
}
