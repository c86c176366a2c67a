//! Kyverno's public policies with their tests, against a list that only grows. Strictly: the status of the rule must be
//! the expected one, and a rule that did not apply has none. Rows that need a values file or an engine that is not there
//! count as misses.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a broken harness must stop the test with its reason"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText};
use rampart_policy::kyverno::Policy;
use rampart_policy::patch::equality::same;
use rampart_policy::policies::{GeneratingPolicy, MutatingPolicy, ValidatingPolicy};
use rampart_policy::{Answer, Review, World};
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

fn short(name: &str) -> &str {
    &name[..name.len().min(63)]
}

/// A policy of any kind.
enum Engine {
    Classic(Policy),
    Validating(ValidatingPolicy),
    Mutating(MutatingPolicy),
    Generating(GeneratingPolicy),
}

impl Engine {
    fn read(object: Object<'_>) -> Option<Self> {
        let classic = Policy::read(object).map(Self::Classic);
        let validating = || Some(Self::Validating(ValidatingPolicy::read(object, &[])?.ok()?));
        let mutating = || Some(Self::Mutating(MutatingPolicy::read(object)?.ok()?));
        let generating = || Some(Self::Generating(GeneratingPolicy::read(object)?.ok()?));
        classic.or_else(validating).or_else(mutating).or_else(generating)
    }

    fn judge<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Answer> {
        match self {
            Self::Classic(policy) => policy.judge(review, world),
            Self::Validating(policy) => policy.judge(review, world),
            Self::Mutating(policy) => policy.judge(review, world),
            Self::Generating(policy) => policy.judge(review, world),
        }
    }
}

/// The rows of one case: name and whether it is met.
fn rows(files: &Files, folder: &Path, case: &Tree) -> Vec<(String, bool)> {
    let (policies, resources) =
        (documents(files, folder, &case["policies"]), documents(files, folder, &case["resources"]));
    let policies: Vec<_> = policies.iter().flat_map(Object::all).filter_map(Engine::read).collect();
    let objects: Vec<_> = resources.iter().flat_map(Object::all).collect();
    let world = World::of(Vec::new(), false);
    let mut found = Vec::new();
    for result in case["results"].as_array().into_iter().flatten() {
        let text = |key: &str| result[key].as_str().unwrap_or_default();
        let wanted_made = result.get("generatedResource").map(|path| {
            let documents = documents(files, folder, &Tree::Array(vec![path.clone()]));
            documents.iter().flat_map(Object::all).map(|object| object.value().to_json()).collect::<Vec<_>>()
        });
        let wanted_manifests = result.get("patchedResources").map(|path| {
            let documents = documents(files, folder, &Tree::Array(vec![path.clone()]));
            documents.iter().flat_map(Object::all).map(|object| object.value().to_json()).collect::<Vec<_>>()
        });
        for wanted in result["resources"].as_array().into_iter().flatten().filter_map(Tree::as_str) {
            let name = wanted.rsplit('/').next().unwrap_or(wanted);
            let (rule, kind) = (text("rule"), text("kind"));
            // The corpus has not all files of its cases; nothing can be said of what is not there.
            if !objects.iter().any(|object| object.name() == name) {
                continue;
            }
            let rules = [rule.to_owned(), format!("autogen-{rule}"), format!("autogen-cronjob-{rule}")];
            let (mut statuses, mut messages) = (BTreeSet::new(), Vec::new());
            for object in objects.iter().filter(|object| object.name() == name && object.kind() == kind) {
                let review = Review::of_object(*object);
                for answer in policies.iter().flat_map(|policy| policy.judge(&review, &world)) {
                    let is_it = answer.policy == text("policy")
                        && (answer.rule.is_empty() || rules.iter().any(|rule| short(rule) == answer.rule));
                    let comes_out = match (&wanted_manifests, &answer.patched) {
                        (Some(manifests), Some(patched)) => manifests.iter().any(|manifest| same(manifest, patched)),
                        (Some(_), None) => answer.status.name() != "pass",
                        (None, _) => true,
                    };
                    let is_made = wanted_made.as_ref().is_none_or(|wanted| {
                        wanted.iter().all(|wanted| answer.generated.iter().any(|made| same(wanted, made)))
                    });
                    if is_it && comes_out && is_made {
                        statuses.insert(answer.status.name());
                        messages.push(answer.message);
                    }
                }
            }
            let row = format!("{} {} {rule} {kind} {wanted}", folder.display(), text("policy"));
            if std::env::var_os("RAMPART_MISSES").is_some() {
                println!("told: {row}: expected {}, found {statuses:?} {messages:?}", text("result"));
            }
            found.push((row, statuses.len() == 1 && statuses.contains(text("result"))));
        }
    }
    found
}

#[test]
fn the_public_policies_are_judged_as_far_as_the_list_says() {
    let Some(files) = corpus() else { return };
    let mut met: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut all: BTreeMap<String, bool> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(NAME)) {
        let folder = path.parent().expect("a folder");
        let source = Arc::new(SourceText::new(NAME, text.as_str()));
        for case in Document::all_from_yaml(&source, &Limits::STANDARD).0 {
            for (row, is_met) in rows(&files, folder, &case.root().to_json()) {
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
