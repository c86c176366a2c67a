//! A scan of a real API server that holds `examples/shop` and `examples/bank`, with an account that may only read.
//!
//! `cargo xtask e2e` starts the server and names the kubeconfigs; without it the tests say that they were skipped.

#![expect(clippy::expect_used, reason = "a broken harness must stop the test with its reason")]
#![expect(clippy::print_stdout, reason = "what was skipped, and what a cluster shows more, is said aloud")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use rampart_model::document::read_documents;
use rampart_model::{Limits, Object, SourceText};
use serde_json::Value;

/// The instant that both scans take for now, so that certificates have the same age.
const NOW: &str = "2026-06-01T00:00:00Z";

fn kubeconfig(variable: &str) -> Option<String> {
    let path = std::env::var(variable).ok();
    if path.is_none() {
        println!("SKIPPED: {variable} is not set; run `cargo xtask e2e`");
    }
    path
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn scan(arguments: &[&str]) -> Value {
    scan_by_own_release(&[arguments, &["--kubernetes-version", "v1.36"]].concat())
}

fn scan_by_own_release(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_rampart"))
        .args(["scan", "-f", "json", "--now", NOW])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the binary starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("standard output is one JSON document")
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// Findings by fingerprint, as one line each.
fn findings(report: &Value) -> BTreeMap<String, String> {
    let entries = report["findings"].as_array().expect("a report has findings");
    entries.iter().map(|finding| (text(finding, "/fingerprint").to_owned(), line(finding))).collect()
}

fn line(finding: &Value) -> String {
    let part = |pointer| text(finding, pointer);
    let subject = [part("/subject/kind"), part("/subject/namespace"), part("/subject/name")].join("/");
    format!("{} {subject} [{}] {}", part("/rule"), part("/key"), part("/message"))
}

#[test]
fn a_live_cluster_has_the_findings_of_its_manifests() {
    let Some(kubeconfig) = kubeconfig("RAMPART_E2E_READONLY") else { return };
    let files = findings(&scan(&["examples/shop", "examples/bank"]));
    let live = findings(&scan(&["--kubeconfig", &kubeconfig]));
    // A payload in a manifest is wrong; in the cluster it is where it belongs.
    let of_files_only = |line: &str| line.starts_with("secrets/secret-in-manifest ");
    let missing: Vec<_> = files
        .iter()
        .filter(|(print, line)| !live.contains_key(*print) && !of_files_only(line))
        .map(|(_, line)| line.as_str())
        .collect();
    assert!(
        missing.is_empty(),
        "{} of {} are missing in the cluster:\n{}",
        missing.len(),
        files.len(),
        missing.join("\n")
    );
    let own = |line: &str| line.contains("rampart-e2e");
    let extra: Vec<_> = live.iter().filter(|(print, line)| !files.contains_key(*print) && !own(line)).collect();
    println!("{} findings in the files, {} more in the cluster:", files.len(), extra.len());
    extra.iter().for_each(|(_, line)| println!("  {line}"));
    let expected = |line: &str| ONLY_IN_A_CLUSTER.iter().any(|head| line.starts_with(head));
    let surprising: Vec<_> = extra.iter().filter(|(_, line)| !expected(line)).collect();
    assert!(surprising.is_empty(), "{surprising:?}");
}

/// What a cluster shows and its manifests do not: there, that nothing verifies signatures is known and no gap, and the
/// namespace `default` is an object.
const ONLY_IN_A_CLUSTER: [&str; 2] =
    ["image-provenance/signatures-not-enforced Cluster/", "pod-security/namespace-enforce-missing Namespace//default "];

#[test]
fn a_forbidden_kind_is_a_gap_and_not_a_pass() {
    let Some(kubeconfig) = kubeconfig("RAMPART_E2E_WITHOUT_CONFIGMAPS") else { return };
    let report = scan(&["--kubeconfig", &kubeconfig]);
    let gaps = report["gaps"].as_array().expect("a report has gaps");
    assert!(gaps.iter().any(|gap| text(gap, "/reason").contains("ConfigMap")), "{gaps:?}");
    assert_eq!(report["kinds"].get("ConfigMap"), None);
    let rule = &report["rules"]["secrets/credential-in-config-map"];
    assert_eq!((&rule["examined"], rule["gaps"].as_u64() > Some(0)), (&Value::from(0), true), "{rule}");
}

#[test]
fn a_snapshot_replays_to_the_same_bytes_and_holds_no_secret_value() {
    let Some(kubeconfig) = kubeconfig("RAMPART_E2E_READONLY") else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let snapshot = folder.path().join("cluster.rampart-snapshot").display().to_string();
    let mut live = scan(&["--kubeconfig", &kubeconfig, "--save-snapshot", &snapshot]);
    let mut replayed = scan(&[&snapshot]);
    // The one thing that may differ is what was scanned.
    live["target"] = Value::Null;
    replayed["target"] = Value::Null;
    assert_eq!(live.to_string(), replayed.to_string());
    let packed = std::fs::read(&snapshot).expect("the snapshot is there");
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).expect("it is zstd")).expect("it is text");
    let values = secret_values(&root().join("examples"));
    assert!(values.len() > 20, "only {} values to look for", values.len());
    assert_eq!(values.iter().find(|value| text.contains(value.as_str())), None);
}

/// The encoded values of all Secrets below a folder, certificates apart.
fn secret_values(folder: &Path) -> Vec<String> {
    let mut values = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            values.extend(secret_values(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = std::fs::read_to_string(&path).expect("the file is read");
            let (documents, _) = read_documents(SourceText::new("", text), &Limits::STANDARD);
            for object in documents.iter().flat_map(Object::all).filter(|object| object.is("", "Secret")) {
                let entries = object.value().dig(&["data"]).into_iter().flat_map(|data| data.entries());
                let secret = entries.filter(|(key, _)| !matches!(*key, "tls.crt" | "ca.crt"));
                values.extend(
                    secret.filter_map(|(_, value)| value.str()).filter(|text| text.len() > 8).map(str::to_owned),
                );
            }
        }
    }
    values
}

#[test]
fn the_version_of_the_server_is_what_rules_judge_by() {
    let Some(kubeconfig) = kubeconfig("RAMPART_E2E_READONLY") else { return };
    // The server is v1.36; an older release is judged differently, so that the comparison means something.
    let own = findings(&scan_by_own_release(&["--kubeconfig", &kubeconfig]));
    assert_eq!(own, findings(&scan(&["--kubeconfig", &kubeconfig])));
    let old = findings(&scan_by_own_release(&["--kubeconfig", &kubeconfig, "--kubernetes-version", "v1.20"]));
    assert_ne!(own, old);
}
