//! Waivers from the settings file and from annotations.

use crate::run::{PRIVILEGED, folder, rampart};

const SETTINGS: &str = "waivers:
- rule: pod-security/privileged
  name: web
  reason: drives the card reader
  owner: team-till
  expires: 2026-12-31
";

#[test]
fn a_waiver_excuses_until_its_day_and_is_a_finding_after_it() {
    let folder = folder(&[("pod.yaml", PRIVILEGED), (".rampart.yaml", SETTINGS)]);
    let before = rampart(folder.path(), &["scan", ".", "-f", "json", "--now", "2026-12-31T12:00:00Z"]);
    assert!(!before.rules().contains(&"pod-security/privileged".to_owned()));
    assert_eq!(before.json()["waived"].as_array().unwrap().len(), 1);
    let after = rampart(folder.path(), &["scan", ".", "-f", "json", "--now", "2027-01-01T00:00:00Z"]);
    let rules = after.rules();
    assert!(
        rules.contains(&"pod-security/privileged".to_owned()) && rules.contains(&"waivers/expired".to_owned()),
        "{rules:?}"
    );
}

#[test]
fn an_annotation_excuses_its_own_object_only_and_may_be_switched_off() {
    let annotated = PRIVILEGED.replace(
        "  name: web\n",
        "  name: web\n  annotations:\n    waive.rampart.dev/pod-security.privileged: owner=a, expires=2027-01-31, reason=x, y\n",
    );
    let other = PRIVILEGED.replace("name: web", "name: other");
    let folder = folder(&[("pod.yaml", &annotated), ("other.yaml", &other)]);
    let arguments = ["scan", ".", "-f", "json", "--now", "2026-12-31T12:00:00Z"];
    let waived = |run: &crate::run::Run| run.json()["waived"].as_array().map_or(0, Vec::len);
    assert_eq!(waived(&rampart(folder.path(), &arguments)), 1);
    std::fs::write(folder.path().join(".rampart.yaml"), "annotation_waivers: false\n").unwrap();
    assert_eq!(waived(&rampart(folder.path(), &arguments)), 0);
}

#[test]
fn an_incomplete_waiver_is_named_with_its_place() {
    let settings = SETTINGS.replace("  owner: team-till\n", "");
    let folder = folder(&[("pod.yaml", PRIVILEGED), (".rampart.yaml", &settings)]);
    let run = rampart(folder.path(), &["scan", ".", "-f", "json"]);
    assert!(run.stderr.contains(".rampart.yaml:2:3: this waiver does not count: `owner` is missing"), "{}", run.stderr);
}
