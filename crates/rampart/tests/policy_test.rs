//! `rampart policy test` as scripts see it.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a failed set-up must stop the test")]

use std::process::{Command, Output};

const POLICY: &str = "apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: labelled}
spec:
  rules:
  - name: team
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {message: say the team, pattern: {metadata: {labels: {team: '?*'}}}}
  - name: tier
    match: {any: [{resources: {kinds: [Pod]}}]}
    mutate: {patchStrategicMerge: {metadata: {labels: {+(tier): low}}}}
";
const RESOURCES: &str = "apiVersion: v1
kind: Pod
metadata: {name: good, labels: {team: a}}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bad}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: v1
kind: Service
metadata: {name: other}
spec: {}
";
const CASE: &str = "apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: case}
policies: [../policy.yaml]
resources: [resources.yaml]
results:
- {policy: labelled, rule: team, kind: Pod, resources: [good], result: pass}
- {policy: labelled, rule: team, kind: Pod, resources: [bad], result: fail}
- {policy: labelled, rule: tier, kind: Pod, resources: [good], result: pass}
";

fn test(case: &str, words: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("case")).expect("a folder");
    for (name, text) in [("policy.yaml", POLICY), ("case/resources.yaml", RESOURCES), ("case/kyverno-test.yaml", case)]
    {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
    command.args(["policy", "test", "case"]).args(words).current_dir(folder.path());
    command.output().expect("the program starts")
}

fn rows(output: &Output) -> Vec<serde_json::Value> {
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("standard output is JSON");
    answer["results"].as_array().expect("rows").clone()
}

#[test]
fn rows_say_what_was_expected_and_what_a_rule_said() {
    let output = test(CASE, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let rows = rows(&output);
    let told: Vec<_> = rows.iter().map(|row| (row["resource"].as_str(), row["actual"].as_str())).collect();
    assert_eq!(told, [(Some("good"), Some("pass")), (Some("bad"), Some("fail")), (Some("good"), Some("pass"))]);
    assert_eq!(rows[2]["patched"]["metadata"]["labels"], serde_json::json!({"team": "a", "tier": "low"}));
    assert_eq!((rows[0]["kind"].as_str(), rows[0]["namespace"].as_str()), (Some("Pod"), Some("default")));
}

#[test]
fn a_rule_that_did_not_apply_is_no_pass() {
    let case = CASE.replace("resources: [bad], result: fail", "resources: [other], result: pass");
    let output = test(&case, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(rows(&output)[1]["actual"], "none");
    let text = test(&case, &[]);
    assert!(
        String::from_utf8_lossy(&text.stdout).contains("MISS labelled/team Service default/other: expected pass, none")
    );
}

#[test]
fn a_folder_without_cases_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
    let output = command.args(["policy", "test", "."]).current_dir(folder.path()).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("kyverno-test.yaml"));
}

#[test]
fn what_cannot_be_read_is_no_pass() {
    let broken = test("a: [1\n", &[]);
    assert_eq!(broken.status.code(), Some(2));
    let absent = test(&CASE.replace("../policy.yaml", "gone.yaml"), &[]);
    assert_ne!(absent.status.code(), Some(0));
    let lost = test(&CASE.replace("resources: [resources.yaml]", "resources: [gone.yaml]"), &[]);
    assert_eq!(lost.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&lost.stderr).contains("case/gone.yaml` is not there"));
}
