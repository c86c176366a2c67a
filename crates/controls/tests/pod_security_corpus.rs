//! The fixtures of the Pod Security admission plugin, each with the verdict of its folder.
//!
//! They are no part of this project: the archive is read where `$RAMPART_CORPORA` says, or in `../shared/corpora` beside
//! the checkout. `pod_security_corpus.ratchet` lists how many fixtures of each folder have agreed; every fixture must
//! agree, and no folder may hold fewer than listed.

#![expect(clippy::expect_used, reason = "a broken archive must stop the test with its reason")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;

use rampart_controls::pod_security::standard::{Level, evaluate, policy_version};
use rampart_model::document::read_documents;
use rampart_model::{Limits, Object, Pod, SourceText};

fn archive() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora");
    let folder = std::env::var_os("RAMPART_CORPORA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    Some(folder.join("pod-security.tar.zst")).filter(|path| path.exists())
}

/// Path and text of every YAML file, by its path.
fn fixtures(archive: &PathBuf) -> BTreeMap<String, String> {
    let file = std::fs::File::open(archive).expect("the archive opens");
    let mut tar = tar::Archive::new(zstd::Decoder::new(file).expect("a zstd stream"));
    let mut fixtures = BTreeMap::new();
    for entry in tar.entries().expect("a tar stream") {
        let mut entry = entry.expect("a tar entry");
        let path = entry.path().expect("a path").to_string_lossy().into_owned();
        if path.ends_with(".yaml") {
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("UTF-8 text");
            fixtures.insert(path, text);
        }
    }
    fixtures
}

/// The rule that a fixture is about, by the name of its file.
fn rules_of(file: &str) -> &'static [&'static str] {
    match file.trim_end_matches(".yaml").trim_end_matches(|digit: char| digit.is_ascii_digit()) {
        "allowprivilegeescalation" => &["pod-security/privilege-escalation"],
        "apparmorprofile" => &["pod-security/app-armor"],
        "capabilities_baseline" => &["pod-security/capabilities"],
        // What the baseline level forbids to add is reported by its rule alone.
        "capabilities_restricted" => &["pod-security/capabilities-restricted", "pod-security/capabilities"],
        "hostnamespaces" => &["pod-security/host-namespaces"],
        "hostpathvolumes" => &["pod-security/host-path-volumes"],
        "hostports" => &["pod-security/host-ports"],
        "hostprobesandhostlifecycle" => &["pod-security/host-probes"],
        "privileged" => &["pod-security/privileged"],
        "procmount" => &["pod-security/proc-mount", "pod-security/proc-mount-restricted"],
        "procmount_restricted" => &["pod-security/proc-mount-restricted"],
        "restrictedvolumes" => &["pod-security/volume-types", "pod-security/host-path-volumes"],
        "runasnonroot" => &["pod-security/run-as-non-root"],
        "runasuser" => &["pod-security/run-as-user"],
        "seccompprofile_baseline" => &["pod-security/seccomp"],
        "seccompprofile_restricted" => &["pod-security/seccomp-restricted", "pod-security/seccomp"],
        "selinuxoptions" => &["pod-security/se-linux"],
        "sysctls" => &["pod-security/sysctls"],
        "windowshostprocess" => &["pod-security/host-process"],
        _ => &[],
    }
}

/// The rules that forbid the pod of a fixture.
fn forbidden_by(level: Level, version: &str, name: &str, text: &str) -> BTreeSet<&'static str> {
    let (documents, errors) = read_documents(SourceText::new(name, text), &Limits::STANDARD);
    assert_eq!(errors, [], "{name}");
    let objects: Vec<Object<'_>> = documents.iter().flat_map(Object::all).collect();
    let pods: Vec<Pod<'_>> = objects.into_iter().flat_map(Pod::all).collect();
    assert_eq!(pods.len(), 1, "{name}");
    let version = policy_version(version).expect("a version");
    pods.iter().flat_map(|pod| evaluate(level, version, pod)).map(|violation| violation.rule).collect()
}

#[test]
fn every_fixture_of_the_corpus_has_the_verdict_of_its_folder() {
    let Some(archive) = archive() else {
        println!("SKIPPED: no pod-security.tar.zst; set RAMPART_CORPORA to the folder that holds it");
        return;
    };
    let mut agreed: BTreeMap<String, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (path, text) in fixtures(&archive) {
        let parts: Vec<&str> = path.rsplitn(5, '/').collect();
        let [file, verdict, version, level, _] = *parts else { continue };
        let level: Level = level.parse().expect("a level");
        let rules = forbidden_by(level, version, &path, &text);
        // A pod that is to be denied must be denied for what its file is named after.
        let is_right = match verdict {
            "pass" => rules.is_empty(),
            _ => rules.iter().any(|rule| rules_of(file).contains(rule)),
        };
        if is_right {
            *agreed.entry(format!("{level} {version} {verdict}")).or_default() += 1;
        } else {
            wrong.push(format!("{path}: forbidden by {rules:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} fixtures disagree:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} fixtures agree", agreed.values().sum::<u32>());
    for line in include_str!("pod_security_corpus.ratchet").lines().filter(|line| !line.starts_with('#')) {
        let (folder, count) = line.rsplit_once(' ').expect("`level version verdict count`");
        let count: u32 = count.parse().expect("a number");
        assert!(agreed.get(folder).is_some_and(|found| *found >= count), "{folder}: fewer than {count} fixtures agree");
    }
}
