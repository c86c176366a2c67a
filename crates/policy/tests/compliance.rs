//! The JMESPath specification's compliance tests in standard mode, against a list that only grows.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a broken harness must stop the test with its reason")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use rampart_policy::jmespath::{Context, Error, Expression, Mode, Val};
use serde_json::Value as Json;

fn corpus() -> Option<BTreeMap<String, Json>> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let Ok(packed) = std::fs::read(folder.join("jmespath.tar.zst")) else {
        println!("SKIPPED: {} has no jmespath.tar.zst; set RAMPART_CORPORA", folder.display());
        return None;
    };
    let bytes = zstd::decode_all(packed.as_slice()).expect("the corpus is zstd");
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(bytes.as_slice()).entries().expect("the corpus is a tar archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").into_owned();
        let Some(name) = path.file_stem().filter(|_| path.extension().is_some_and(|end| end == "json")) else {
            continue;
        };
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("text");
        files.insert(name.to_string_lossy().into_owned(), serde_json::from_str(&text).expect("JSON"));
    }
    Some(files)
}

fn error_class(error: &Error) -> &'static str {
    match error {
        Error::UnknownFunction(_) => "unknown-function",
        Error::Arity { .. } => "invalid-arity",
        Error::Type { .. } => "invalid-type",
        Error::Value(_) => "invalid-value",
        _ => "other",
    }
}

fn is_same(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Number(found), Json::Number(expected)) => found.as_f64() == expected.as_f64(),
        (Json::Array(found), Json::Array(expected)) => {
            found.len() == expected.len()
                && found.iter().zip(expected).all(|(found, expected)| is_same(found, expected))
        }
        (Json::Object(found), Json::Object(expected)) => {
            found.len() == expected.len()
                && found.iter().all(|(key, found)| expected.get(key).is_some_and(|expected| is_same(found, expected)))
        }
        _ => found == expected,
    }
}

/// What differs; none where the case is met.
fn difference(given: &Document, case: &Json) -> Option<String> {
    let expression = case["expression"].as_str().unwrap_or_default();
    let outcome = match Expression::parse(expression, Mode::Standard) {
        Err(error) => Err(("syntax", error.to_string())),
        Ok(parsed) => match parsed.run(&Val::of(given.root()), &Context::default()) {
            Ok(value) => Ok(value.to_json()),
            Err(error) => Err((error_class(&error), error.to_string())),
        },
    };
    match (&outcome, case.get("error").and_then(Json::as_str)) {
        (Ok(_), None) if case.get("bench").is_some() => None,
        (Ok(found), None) if is_same(found, &case["result"]) => None,
        (Err((class, _)), Some(expected)) if *class == expected => None,
        _ => Some(format!("{outcome:?} where the corpus has {} {}", case["result"], case["error"])),
    }
}

#[test]
fn the_specification_is_met_as_far_as_the_list_says() {
    let Some(files) = corpus() else { return };
    let (mut passing, mut failing) = (BTreeSet::new(), BTreeMap::new());
    for (file, groups) in &files {
        for (group, tests) in groups.as_array().expect("groups").iter().enumerate() {
            let source = SourceText::new(file.as_str(), tests["given"].to_string());
            let given = Document::from_json(Arc::new(source), &Limits::STANDARD).expect("JSON");
            for (position, case) in tests["cases"].as_array().expect("cases").iter().enumerate() {
                let name = format!("{file}/{group}/{position} {}", case["expression"]);
                match difference(&given, case) {
                    None => drop(passing.insert(name)),
                    Some(difference) => drop(failing.insert(name, difference)),
                }
            }
        }
    }
    println!("{} of {} pass", passing.len(), passing.len() + failing.len());
    for (name, difference) in &failing {
        println!("{name}: {difference}");
    }
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compliance.passing");
    if std::env::var_os("RAMPART_RATCHET").is_some() {
        let text: String = passing.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(&list, text).expect("the list is written");
    }
    let known = std::fs::read_to_string(&list).unwrap_or_default();
    let lost: Vec<&str> = known.lines().filter(|name| failing.contains_key(*name)).collect();
    assert!(lost.is_empty(), "{} passed before: {lost:?}", lost.len());
    assert!(!known.is_empty(), "no list of passing tests; write it with RAMPART_RATCHET=1");
}
