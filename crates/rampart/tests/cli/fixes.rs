//! `rampart fix`: the diff keeps what it does not change, and a fixed tree is clean.

use std::collections::BTreeSet;
use std::path::Path;

use crate::run::{PRIVILEGED, findings, folder, rampart, root};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder is made");
    for entry in std::fs::read_dir(from).expect("the folder is read") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("the file is copied");
        }
    }
}

#[test]
fn a_dry_run_prints_a_diff_and_changes_nothing() {
    let folder = folder(&[("pod.yaml", PRIVILEGED)]);
    let run = rampart(folder.path(), &["fix", ".", "--dry-run", "--rule", "pod-security/privileged"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.contains("-      privileged: true\n+      privileged: false\n"), "{}", run.stdout);
    assert_eq!(std::fs::read_to_string(folder.path().join("pod.yaml")).unwrap(), PRIVILEGED);
}

#[test]
fn fixing_the_examples_clears_every_finding_that_has_a_fix() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("examples"), folder.path());
    let scan = ["scan", ".", "-f", "json", "--now", "2026-06-01T00:00:00Z"];
    let fixable = |report: &serde_json::Value| -> BTreeSet<(String, String)> {
        findings(report)
            .filter(|finding| finding["remedies"].as_array().is_some_and(|remedies| !remedies.is_empty()))
            .map(|finding| (finding["rule"].to_string(), finding["fingerprint"].to_string()))
            .collect()
    };
    let before = fixable(&rampart(folder.path(), &scan).json());
    let rules: BTreeSet<&String> = before.iter().map(|(rule, _)| rule).collect();
    assert!(rules.len() >= 12, "only {rules:?} have fixes");
    let run = rampart(folder.path(), &["fix", ".", "--write", "--now", "2026-06-01T00:00:00Z"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let after = fixable(&rampart(folder.path(), &scan).json());
    let left: Vec<_> = after.intersection(&before).collect();
    assert!(left.is_empty(), "{left:?}\n{}", run.stderr);
}
