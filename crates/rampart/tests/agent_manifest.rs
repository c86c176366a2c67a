//! The manifest of the agent, judged by the program that printed it.

#![expect(clippy::expect_used, reason = "a broken harness must stop the test with its reason")]

use std::process::{Command, Stdio};

use serde_json::Value;

fn rampart(arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>, String) {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_rampart"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("it has an input").write_all(input).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    (output.status.success(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

const WORDS: [&str; 8] = [
    "agent",
    "manifest",
    "--server",
    "https://plane.example:8443",
    "--cluster",
    "shop",
    "--token",
    "rmj_0123456789abcdef",
];

#[test]
fn the_agents_own_manifest_meets_the_restricted_standard_and_may_only_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")
        .expect("it is written");
    let with_authority = [&WORDS[..], &["--ca", authority.to_str().expect("its name is text")]].concat();
    for words in [WORDS.to_vec(), with_authority] {
        let (ok, manifest, said) = rampart(&words, b"");
        assert!(ok, "{said}");
        let (ok, report, said) = rampart(&["scan", "-f", "json", "-"], &manifest);
        assert!(ok, "{said}");
        let report: Value = serde_json::from_slice(&report).expect("a report is JSON");
        assert_eq!(report["diagnostics"], Value::Array(Vec::new()));
        let findings = report["findings"].as_array().expect("a report has findings");
        let of = |control: &str| -> Vec<&Value> {
            findings
                .iter()
                .filter(|finding| finding["rule"].as_str().is_some_and(|rule| rule.starts_with(control)))
                .collect()
        };
        assert!(of("pod-security/").is_empty(), "{:#?}", of("pod-security/"));
        assert!(of("network-policy/").is_empty(), "{:#?}", of("network-policy/"));
        for rule in ["rbac/wildcard-verb", "rbac/cluster-admin-bound"] {
            assert!(of(rule).is_empty(), "{:#?}", of(rule));
        }
        for finding in findings {
            eprintln!("{} {} {}", finding["severity"], finding["rule"], finding["message"]);
        }
        assert!(report["kinds"]["apps/Deployment"] == 1 || report["kinds"]["Deployment"] == 1, "{}", report["kinds"]);
    }
}

#[test]
fn agent_without_a_plane_or_with_an_open_one_is_refused() {
    let (ok, _, said) = rampart(&["agent"], b"");
    assert!(!ok && said.contains("--server"), "{said}");
    let (ok, _, said) = rampart(&["agent", "manifest", "--server", "http://x", "--cluster", "a", "--token", "t"], b"");
    assert!(!ok && said.contains("https://"), "{said}");
}
