//! Compliance frameworks: listed, asked for, and brought along.

use std::collections::BTreeSet;

use rampart_controls::rules;
use rampart_report::framework::builtin;

use crate::run::{PRIVILEGED, findings, folder, rampart};

#[test]
fn every_rule_that_a_framework_names_exists() {
    let rules = rules();
    for framework in builtin() {
        for requirement in &framework.requirements {
            for pattern in &requirement.rules {
                let known = rules.iter().any(|rule| match pattern.strip_suffix('*') {
                    Some(beginning) => rule.id.starts_with(beginning),
                    None => rule.id == pattern,
                });
                assert!(known, "{} {}: no rule `{pattern}`", framework.id, requirement.id);
            }
        }
    }
}

#[test]
fn every_place_in_a_standard_that_a_rule_names_is_in_the_framework() {
    for framework in builtin() {
        let Some(standard) = &framework.standard else { continue };
        let ids: BTreeSet<&str> = framework
            .requirements
            .iter()
            .flat_map(|requirement| requirement.mapped.iter().chain([&requirement.id]).map(String::as_str))
            .collect();
        for rule in rules() {
            for mapping in rule.maps_to.iter().filter(|mapping| mapping.0.title() == standard) {
                assert!(ids.contains(mapping.1), "{}: {} names `{}`", framework.id, rule.id, mapping.1);
            }
        }
    }
}

#[test]
fn frameworks_are_listed_and_one_is_shown_with_what_nobody_answers() {
    let folder = folder(&[]);
    let all = rampart(folder.path(), &["frameworks"]);
    assert_eq!((all.code, all.stdout.lines().count()), (0, 7), "{}", all.stdout);
    let one = rampart(folder.path(), &["frameworks", "pci-dss"]);
    assert!(one.stdout.contains("7.2.2") && one.stdout.contains("not assessable here"), "{}", one.stdout);
    let none = rampart(folder.path(), &["frameworks", "iso-1"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("`iso-1`") && none.stderr.contains("pci-dss"), "{}", none.stderr);
}

#[test]
fn a_scan_answers_to_a_framework_and_shows_only_what_it_asks() {
    let folder = folder(&[("pod.yaml", PRIVILEGED)]);
    let report = rampart(folder.path(), &["scan", ".", "-f", "json", "--framework", "pod-security-standards"]).json();
    let framework = &report["frameworks"][0];
    assert_eq!(framework["id"], "pod-security-standards");
    let items = framework["items"].as_array().unwrap();
    let verdict = |id: &str| items.iter().find(|item| item["id"] == id).unwrap()["verdict"].as_str().unwrap();
    assert_eq!((verdict("baseline: Privileged Containers"), verdict("baseline: Sysctls")), ("fail", "pass"));
    assert!(findings(&report).count() > 0);
    assert!(findings(&report).all(|finding| finding["control"] == "pod_security"));
    let plain = rampart(folder.path(), &["scan", ".", "-f", "json"]).json();
    assert!(plain.get("frameworks").is_none() && findings(&plain).any(|finding| finding["control"] != "pod_security"));
    let markdown = rampart(folder.path(), &["scan", ".", "-f", "markdown", "--framework", "soc-2"]).stdout;
    assert!(markdown.contains("### SOC 2: Trust Services Criteria") && markdown.contains("not assessable here"));
}

#[test]
fn a_broken_framework_of_ones_own_is_refused_with_lines() {
    let text = "schema: rampart.framework/v1\nid: house\ntitle: House\nversion: 1\nrequirements:\n- {id: A, title: T, rules: [rbac/nope]}\n";
    let good = text.replace("rbac/nope", "rbac/read-secrets");
    let folder = folder(&[("house.yaml", text), ("good.yaml", &good), ("pod.yaml", PRIVILEGED)]);
    let run = rampart(folder.path(), &["scan", "pod.yaml", "--framework", "house.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("house.yaml:6:") && run.stderr.contains("`rbac/nope`"), "{}", run.stderr);
    let run = rampart(folder.path(), &["scan", "pod.yaml", "-f", "json", "--framework", "good.yaml"]);
    assert_eq!(run.json()["frameworks"][0]["unknown"], 1);
}
