//! Kyverno's public tests of ValidatingPolicies: each resource that the archive holds has the expected status.
//!
//! Only what the engine itself decides is looked at; three cases need what the tests' runner adds to a request.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a broken harness must stop the test with its reason")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText, Value};
use rampart_policy::policies::ValidatingPolicy;
use rampart_policy::{Review, World};

/// Namespaces and their annotations from a values file, a default namespace in the object, a user from a file.
const NEED_THE_RUNNER: [&str; 3] = ["advanced-restrict-image-registries", "check-hpa-exists", "limit-configmap-for-sa"];

type Files = BTreeMap<PathBuf, String>;

fn files() -> Option<Files> {
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
        if path.extension().is_some_and(|end| end == "yaml") && entry.read_to_string(&mut text).is_ok() {
            files.insert(plain(&path), text);
        }
    }
    Some(files)
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

fn documents(files: &Files, path: &Path) -> Vec<Document> {
    let path = plain(path);
    let text = files.get(&path).cloned().unwrap_or_default();
    Document::all_from_yaml(&Arc::new(SourceText::new(path.display().to_string(), text)), &Limits::STANDARD).0
}

fn texts<'d>(value: Value<'d>, key: &str) -> impl Iterator<Item = &'d str> {
    value.field(key).into_iter().flat_map(Value::items).filter_map(Value::str)
}

/// The rows of one test, and what is wrong with those that are.
fn judge(files: &Files, folder: &Path, test: Value<'_>) -> (u32, Vec<String>) {
    let read = |key: &str| -> Vec<Document> {
        texts(test, key).flat_map(|path| documents(files, &folder.join(path))).collect()
    };
    let (policies, resources) = (read("policies"), read("resources"));
    let mocks = test.text_at(&["context"]).map(|path| documents(files, &folder.join(path))).unwrap_or_default();
    let mocked =
        |key: &'static str| mocks.iter().filter_map(move |mock| mock.root().dig(&["spec", key])).flat_map(Value::items);
    let mut world = World::of(mocked("resources").filter_map(Object::of).collect(), true);
    world.images = mocked("images")
        .map(|image| (image.text_at(&["image"]).unwrap_or_default().to_owned(), image.to_json()))
        .collect();
    let resources: Vec<_> = resources.iter().flat_map(Object::all).collect();
    let read = |object| ValidatingPolicy::read(object, &[]).map(|policy| policy.expect("the policy compiles"));
    let policies: Vec<_> = policies.iter().flat_map(Object::all).filter_map(read).collect();
    let (mut rows, mut misses) = (0, Vec::new());
    for result in test.field("results").into_iter().flat_map(Value::items) {
        let expected = result.text_at(&["result"]).unwrap_or_default();
        let policy = policies.iter().filter(|policy| result.text_at(&["policy"]) == Some(policy.name.as_str()));
        let names: Vec<_> = texts(result, "resources").filter_map(|name| name.rsplit('/').next()).collect();
        let named = resources.iter().filter(|resource| names.contains(&resource.name()));
        for (policy, resource) in policy.flat_map(|policy| named.clone().map(move |resource| (policy, resource))) {
            rows += 1;
            let answers = policy.judge(&Review::of_object(*resource), &world);
            if answers.is_empty() || answers.iter().any(|answer| answer.status.name() != expected) {
                misses.push(format!("{} {}: {expected}, found {answers:?}", policy.name, resource.name()));
            }
        }
    }
    (rows, misses)
}

#[test]
fn the_corpus_is_judged_as_its_tests_expect() {
    let Some(files) = files() else { return };
    let (mut rows, mut cases, mut misses) = (0, 0, Vec::new());
    for path in files.keys() {
        let name = path.to_string_lossy();
        if !name.ends_with("kyverno-test.yaml")
            || !name.contains("-vpol/")
            || NEED_THE_RUNNER.iter().any(|case| name.contains(case))
        {
            continue;
        }
        cases += 1;
        for test in documents(&files, path) {
            let (more, wrong) = judge(&files, path.parent().unwrap_or(path), test.root());
            rows += more;
            misses.extend(wrong);
        }
    }
    println!("{} of {rows} rows of {cases} cases are as expected", rows as usize - misses.len());
    assert!(misses.is_empty(), "{}", misses.join("\n"));
    assert!(rows > 0, "the corpus has no tests of ValidatingPolicies");
}
