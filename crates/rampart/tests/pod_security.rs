//! `rampart pod-security check` as scripts see it: standard output, standard error, exit code.

#![expect(clippy::expect_used, reason = "a failed set-up must stop the test")]

use std::path::Path;
use std::process::{Command, Output};

const PLAIN: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: plain}\nspec: {containers: [{name: app}]}\n";
const PRIVILEGED: &str = "apiVersion: v1
kind: Pod
metadata: {name: root}
spec:
  containers:
  - name: app
    securityContext:
      privileged: true
";

fn check(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rampart"))
        .args(["pod-security", "check"])
        .args(words)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("standard output is one JSON document")
}

#[test]
fn one_row_for_each_file_in_the_order_given() {
    let folder = folder(&[("a.yaml", PLAIN), ("b.yaml", PRIVILEGED)]);
    let output =
        check(folder.path(), &["--level", "baseline", "--version", "v1.30", "--format", "json", "b.yaml", "a.yaml"]);
    let rows = serde_json::json!([{"file": "b.yaml", "allowed": false}, {"file": "a.yaml", "allowed": true}]);
    assert_eq!(json(&output), rows);
    assert_eq!(output.status.code(), Some(1));
    // One line, with the file first, for readers that look with `grep`.
    assert_eq!(stdout(&output), "[{\"file\":\"b.yaml\",\"allowed\":false},{\"file\":\"a.yaml\",\"allowed\":true}]\n");
}

#[test]
fn allowed_pods_exit_with_0() {
    let folder = folder(&[
        ("a.yaml", PLAIN),
        (
            "a.json",
            &serde_json::json!({
                "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "j"}, "spec": {"containers": [{"name": "app"}]},
            })
            .to_string(),
        ),
    ]);
    let output = check(folder.path(), &["--level=baseline", "--version=latest", "--format=json", "./a.yaml", "a.json"]);
    let rows = serde_json::json!([{"file": "./a.yaml", "allowed": true}, {"file": "a.json", "allowed": true}]);
    assert_eq!(json(&output), rows);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn text_names_place_and_rule() {
    let folder = folder(&[("b.yaml", PRIVILEGED)]);
    let output = check(folder.path(), &["--level", "baseline", "b.yaml"]);
    let expected = "b.yaml: denied\n  b.yaml:8:7 pod-security/privileged: container `app` is privileged\n";
    assert_eq!(stdout(&output), expected);
    assert!(stderr(&output).contains("exit 1: `baseline` of latest denies 1 of 1 pod"), "{}", stderr(&output));
}

#[test]
fn files_that_hold_no_single_pod_are_refused_and_the_others_judged() {
    let two = format!("{PLAIN}---\n{PLAIN}");
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n";
    let mistyped = PRIVILEGED.replace("privileged: true", "privileged: 'true'");
    let empty = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n";
    let folder = folder(&[
        ("good.yaml", PLAIN),
        ("two.yaml", &two),
        ("deployment.yaml", deployment),
        ("broken.yaml", "apiVersion: [v1\n"),
        ("mistyped.yaml", &mistyped),
        ("empty.yaml", empty),
        ("nothing.yaml", ""),
    ]);
    for (file, reason) in [
        ("two.yaml", "2 documents"),
        ("deployment.yaml", "`Deployment`"),
        ("broken.yaml", "line "),
        ("mistyped.yaml", "`spec.containers[0].securityContext.privileged` is a string; it must be a boolean"),
        ("empty.yaml", "no containers"),
        ("nothing.yaml", "0 documents"),
        ("absent.yaml", "cannot be read"),
    ] {
        let output = check(folder.path(), &["--level", "restricted", "--format", "json", "good.yaml", file]);
        assert_eq!(output.status.code(), Some(2), "{file}: {}", stderr(&output));
        assert_eq!(json(&output), serde_json::json!([{"file": "good.yaml", "allowed": false}]), "{file}");
        assert!(stderr(&output).contains(&format!("`{file}`")), "{}", stderr(&output));
        assert!(stderr(&output).contains(reason), "{file}: {}", stderr(&output));
    }
}

#[test]
fn unknown_levels_and_versions_are_refused() {
    let folder = folder(&[("a.yaml", PLAIN)]);
    for words in [
        ["--level", "privileged", "--version", "latest", "a.yaml"],
        ["--level", "baseline", "--version", "1.30", "a.yaml"],
        ["--level", "baseline", "--version", "v2.0", "a.yaml"],
    ] {
        let output = check(folder.path(), &words);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stdout(&output), "");
    }
    assert_eq!(check(folder.path(), &["--level", "baseline"]).status.code(), Some(2));
}
