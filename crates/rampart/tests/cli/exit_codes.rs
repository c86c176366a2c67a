//! Each exit code, and the last line that names it.

use crate::run::{PRIVILEGED, folder, rampart, rampart_with_input};

#[test]
fn a_scan_without_a_gate_passes_and_says_so() {
    let folder = folder(&[("pod.yaml", PRIVILEGED)]);
    let run = rampart(folder.path(), &["scan", "."]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.lines().last().unwrap().starts_with("exit 0: no gate was set"), "{}", run.stdout);
}

#[test]
fn a_gate_that_does_not_hold_is_exit_1() {
    let folder = folder(&[("pod.yaml", PRIVILEGED)]);
    let run = rampart(folder.path(), &["scan", ".", "--fail-on", "critical"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.lines().last().unwrap().starts_with("exit 1: "));
    assert_eq!(rampart(folder.path(), &["scan", ".", "--fail-below", "100"]).code, 1);
}

#[test]
fn wrong_usage_is_exit_2_and_names_what_is_known() {
    let folder = folder(&[]);
    for arguments in [
        &["scan"][..],
        &["scan", ".", "--fail-on", "worst"],
        &["scan", ".", "-o", "json"],
        &["scan", ".", "-f", "docx"],
        &["fix", "."],
    ] {
        let run = rampart(folder.path(), arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!run.stderr.is_empty());
    }
}

#[test]
fn a_file_that_cannot_be_written_is_exit_3() {
    let folder = folder(&[("pod.yaml", PRIVILEGED)]);
    let run = rampart(folder.path(), &["scan", ".", "-o", "json=no/such/folder/out.json"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("`no/such/folder/out.json`"), "{}", run.stderr);
}

#[test]
fn strict_makes_gaps_exit_4() {
    let folder = folder(&[("pod.yaml", PRIVILEGED)]);
    let run = rampart(folder.path(), &["scan", ".", "--strict"]);
    assert_eq!(run.code, 4);
    assert!(run.stdout.lines().last().unwrap().contains("gaps"));
}

#[test]
fn nothing_to_scan_is_exit_5() {
    let folder = folder(&[("notes.txt", "hello"), ("values.yaml", "a: 1\n")]);
    assert_eq!(rampart(folder.path(), &["scan", "."]).code, 5);
    assert_eq!(rampart_with_input(folder.path(), &["scan", "-"], "").code, 5);
}

#[test]
fn other_formats_keep_standard_output_clean() {
    let folder = folder(&[("pod.yaml", PRIVILEGED)]);
    let run = rampart(folder.path(), &["scan", ".", "-f", "json"]);
    assert_eq!(run.json()["schema"], "rampart.report/v1");
    assert!(run.stderr.lines().last().unwrap().starts_with("exit 0"), "{}", run.stderr);
}
