//! Bad input: one clear diagnostic with its place, and the rest is still scanned.

use crate::run::{PRIVILEGED, control, findings, folder, rampart, rampart_with_input};

#[test]
fn a_broken_file_is_named_with_its_place_and_the_rest_is_scanned() {
    let folder = folder(&[("good.yaml", PRIVILEGED), ("broken.yaml", "apiVersion: v1\nkind: [Pod\n")]);
    let report = rampart(folder.path(), &["scan", ".", "-f", "json"]).json();
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert!(diagnostics[0]["source"].as_str().unwrap().ends_with("broken.yaml"));
    assert!(diagnostics[0]["line"].as_u64().unwrap() >= 2);
    assert!(findings(&report).any(|finding| finding["rule"] == "pod-security/privileged"));
}

#[test]
fn what_a_broken_file_hides_is_unknown_and_not_passed() {
    let clean = PRIVILEGED.replace("privileged: true", "privileged: false");
    let folder = folder(&[("good.yaml", &clean), ("broken.yaml", "a: [\n")]);
    let report = rampart(folder.path(), &["scan", ".", "-f", "json"]).json();
    for id in ["rbac", "upgrades", "certificates"] {
        assert_ne!(control(&report, id)["verdict"], "pass", "{id}");
    }
}

#[test]
fn binary_files_and_links_in_circles_stop_nothing() {
    let folder = folder(&[("pod.yaml", PRIVILEGED), ("sub/x.yaml", "")]);
    std::fs::write(folder.path().join("sub/image.yaml"), [0u8, 159, 146, 150, 255]).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join("sub/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling.yaml")).unwrap();
    let run = rampart(folder.path(), &["scan", ".", "-f", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let pods = findings(&run.json()).filter(|finding| finding["rule"] == "pod-security/privileged").count();
    assert_eq!(pods, 1);
}

#[test]
fn unknown_kinds_are_read_and_counted() {
    let folder = folder(&[("x.yaml", "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n")]);
    let report = rampart(folder.path(), &["scan", ".", "-f", "json"]).json();
    assert_eq!(report["kinds"]["example.com/Widget"], 1);
}

#[test]
fn standard_input_is_a_target() {
    let folder = folder(&[]);
    let run = rampart_with_input(folder.path(), &["scan", "-", "-f", "json"], PRIVILEGED);
    let report = run.json();
    let finding = findings(&report).find(|finding| finding["rule"] == "pod-security/privileged").unwrap();
    assert_eq!((finding["location"]["file"].as_str(), finding["location"]["line"].as_u64()), (Some("-"), Some(11)));
}

#[test]
fn a_target_that_is_not_there_is_refused_with_what_to_do() {
    let folder = folder(&[]);
    let run = rampart(folder.path(), &["scan", "./missing"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("`./missing`") && run.stderr.contains("name an existing"), "{}", run.stderr);
}

#[test]
fn a_bomb_is_refused_and_the_rest_is_scanned() {
    let mut bomb = "apiVersion: v1\nkind: ConfigMap\na0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        let last = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [*a{last}, *a{last}]\n"));
    }
    let deep = format!("{{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"a\": {}", "[".repeat(200_000));
    let folder = folder(&[("pod.yaml", PRIVILEGED), ("bomb.yaml", &bomb), ("deep.json", &deep)]);
    let report = rampart(folder.path(), &["scan", ".", "-f", "json"]).json();
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), 2, "{}", report["diagnostics"]);
    assert!(findings(&report).any(|finding| finding["rule"] == "pod-security/privileged"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let arguments = ["scan", "examples", "-f", "json", "--now", "2026-06-01T00:00:00Z"];
    let first = rampart(&crate::run::root(), &arguments);
    assert_eq!(first.stdout, rampart(&crate::run::root(), &arguments).stdout);
}
