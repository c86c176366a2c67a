//! The suites of Gatekeeper's library: every assertion holds, with both languages where a template has both.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a broken harness must stop the test with its reason")]

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rampart_policy::gatekeeper::Preference;
use rampart_policy::gatekeeper::cases::{self, Files, Row};

fn corpus() -> Option<Files> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let Ok(packed) = std::fs::read(folder.join("gatekeeper-library.tar.zst")) else {
        println!("SKIPPED: {} has no gatekeeper-library.tar.zst; set RAMPART_CORPORA", folder.display());
        return None;
    };
    let bytes = zstd::decode_all(packed.as_slice()).expect("the corpus is zstd");
    let mut files = Files::new();
    for entry in tar::Archive::new(bytes.as_slice()).entries().expect("the corpus is a tar archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").to_string_lossy().into_owned();
        let mut text = String::new();
        if entry.read_to_string(&mut text).is_ok() {
            files.insert(path, text);
        }
    }
    Some(files)
}

fn rows(files: &Files, preference: Preference) -> Vec<Row> {
    let suites = files.iter().filter(|(path, text)| path.ends_with(".yaml") && cases::is_suite(text));
    suites.flat_map(|(path, _)| cases::run(path, files, preference)).collect()
}

fn name(row: &Row) -> String {
    format!("{} {} {} {}", row.suite, row.test, row.case, row.assertion)
}

#[test]
fn the_library_is_met_as_far_as_the_list_says_in_both_languages() {
    let Some(files) = corpus() else { return };
    let mut lost = Vec::new();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gatekeeper_library.passing");
    let known = std::fs::read_to_string(&list).unwrap_or_default();
    let mut passing = BTreeSet::new();
    for (language, preference) in [("cel", Preference::Cel), ("rego", Preference::Rego)] {
        let started = Instant::now();
        let rows = rows(&files, preference);
        let took = started.elapsed();
        let cases: BTreeSet<_> = rows.iter().map(|row| (&row.suite, &row.test, &row.case)).collect();
        let met = rows.iter().filter(|row| row.holds()).count();
        println!(
            "{language} first: {met} of {} assertions, {} cases, {:.2} ms a case with reading and compiling",
            rows.len(),
            cases.len(),
            took.as_secs_f64() * 1_000.0 / f64::from(u32::try_from(cases.len().max(1)).expect("few cases")),
        );
        for row in &rows {
            let name = format!("{language} {}", name(row));
            if row.holds() {
                passing.insert(name);
            } else {
                println!("{name}: {} {} where {} is expected: {}", row.outcome, row.actual, row.expected, row.message);
                if known.lines().any(|line| line == name) {
                    lost.push(name);
                }
            }
        }
    }
    if std::env::var_os("RAMPART_RATCHET").is_some() {
        let text: String = passing.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(&list, text).expect("the list is written");
    }
    assert!(lost.is_empty(), "{} passed before: {lost:?}", lost.len());
    assert!(!known.is_empty(), "no list of passing assertions; write it with RAMPART_RATCHET=1");
}
