//! `rampart node benchmark` as scripts see it, over a small benchmark of our own.

#![expect(clippy::expect_used, reason = "a failed set-up must stop the test")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

const CONFIG: &str = "master:\n  components: [apiserver]\n  apiserver:\n    bins: [kube-apiserver]\n    confs: \
                      [/etc/k/api.yaml]\n    defaultconf: /etc/k/api.yaml\ntarget_mapping:\n  own-1.0: [master]\n";
const MASTER: &str = r#"---
controls:
version: "own-1.0"
id: 1
text: "Control plane"
type: "master"
groups:
  - id: 1.10
    text: "Files"
    checks:
      - id: 1.10.1
        text: "mode"
        audit: "/bin/sh -c 'if test -e $apiserverconf; then stat -c permissions=%a $apiserverconf; fi'"
        tests:
          test_items:
            - flag: "permissions"
              compare:
                op: bitmask
                value: "600"
        scored: true
      - id: 1.10.2
        text: "profiling"
        audit: "/bin/ps -ef | grep $apiserverbin | grep -v grep"
        tests:
          test_items:
            - flag: "--profiling"
              compare:
                op: eq
                value: false
        scored: true
      - id: 1.10.3
        text: "asks the cluster"
        audit: "echo ok $(kubectl get pods)"
        tests:
          test_items:
            - flag: "ok"
        scored: true
      - id: 1.10.4
        text: "by hand"
        type: manual
        scored: false
"#;

fn node(words: &[&str]) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("cfg/config.yaml", CONFIG);
    write("cfg/own-1.0/master.yaml", MASTER);
    write("root/etc/k/api.yaml", "a: b\n");
    write("processes.json", r#"{"kube-apiserver": ["/usr/bin/kube-apiserver", "--profiling=False"]}"#);
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path().join("root/etc/k/api.yaml"), mode).expect("a mode");
    let output = run(folder.path(), words);
    (output, folder)
}

fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
    command.args(["node", "benchmark", "--cfg", "cfg", "--root", "root", "--processes", "processes.json"]);
    command.args(words).current_dir(folder).output().expect("the program starts")
}

#[test]
fn json_has_the_shape_that_scripts_know() {
    let (output, _folder) = node(&["--benchmark", "own-1.0", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("standard output is JSON");
    assert_eq!(
        answer["Totals"],
        serde_json::json!({"total_pass": 2, "total_fail": 1, "total_warn": 1, "total_info": 0})
    );
    let group = &answer["Controls"][0]["tests"][0];
    assert_eq!(group["section"], "1.10");
    let told: Vec<[&serde_json::Value; 3]> = group["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|check| [&check["test_number"], &check["status"], &check["expected_result"]])
        .collect();
    let mode = "permissions has permissions 644, expected 600 or more restrictive";
    let wanted = serde_json::json!([
        ["1.10.1", "FAIL", mode],
        ["1.10.2", "PASS", "'--profiling' is equal to 'false'"],
        ["1.10.3", "PASS", "'ok' is present"],
        ["1.10.4", "WARN", ""]
    ]);
    assert_eq!(serde_json::json!(told), wanted);
    // What asked a program that was not called is not known, whatever kube-bench would say.
    assert_eq!(group["results"][2]["effective_status"], "UNKNOWN");
    assert!(group["results"][1].get("effective_status").is_none());
}

#[test]
fn text_and_exit_codes_say_what_failed_and_what_is_unknown() {
    let (output, folder) = node(&["--benchmark", "own-1.0", "--fail"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("UNKNOWN 1.10.3") && text.contains("FAIL    1.10.1"), "{text}");
    assert_eq!(output.status.code(), Some(1));
    let strict = run(folder.path(), &["--benchmark", "own-1.0", "--strict"]);
    assert_eq!(strict.status.code(), Some(4));
    let junit = run(folder.path(), &["--benchmark", "own-1.0", "--format", "junit", "--check", "1.10.1,1.10.2"]);
    assert!(String::from_utf8_lossy(&junit.stdout).contains("tests=\"2\" failures=\"1\""));
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let (output, folder) = node(&["--benchmark", "cis-9.9"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there are own-1.0"));
    let target = run(folder.path(), &["--benchmark", "own-1.0", "--targets", "moon"]);
    assert_eq!(target.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&target.stderr).contains("it has master"));
}
