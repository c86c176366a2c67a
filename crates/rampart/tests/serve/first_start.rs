//! From nothing to findings on the page, live changes and a peaceful end.

use std::time::Duration;

use serde_json::json;

use crate::plane::{Plane, privileged_pod};

#[test]
fn a_plane_shows_its_clusters_follows_changes_and_ends_in_peace() {
    let data = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pod.yaml"), privileged_pod("one")).unwrap();
    let source = format!("shop={}", folder.path().display());
    let mut plane = Plane::start(data.path(), &["--cluster", &source]);
    assert_eq!(plane.get("/api/v1/overview").0, 401);
    plane.sign_in();
    plane.until("/api/v1/overview", Duration::from_secs(10), |status, home| {
        status == 200 && home["clusters"]["up"] == 1 && home["counts"]["critical"].as_u64() > Some(0)
    });
    assert_eq!(plane.get("/readyz").0, 200);

    // A written file shows within seconds, and whoever listens is told.
    let events = plane.events();
    std::fs::write(folder.path().join("two.yaml"), privileged_pod("two")).unwrap();
    let took =
        plane.until("/api/v1/findings?name=two", Duration::from_secs(5), |_, found| found["total"].as_u64() > Some(0));
    eprintln!("a written file was a finding after {} ms", took.as_millis());
    let told = events.iter().find(|line| line.contains("\"kind\":\"finding\"")).unwrap();
    assert!(told.contains("\"cluster\":\"shop\""), "{told}");
    std::fs::remove_file(folder.path().join("two.yaml")).unwrap();
    plane.until("/api/v1/findings?name=two", Duration::from_secs(5), |_, found| found["total"] == 0);

    // Two people make a waiver, and the next evaluation heeds it.
    let secret = admin_link(data.path());
    let other = plane.become_admin("bob", &secret);
    let wish = json!({
        "rule": "pod-security/*", "clusters": ["shop"], "kind": "Pod", "namespace": "shop", "name": "one",
        "reason": "a test", "owner": "ada", "expires": "2099-01-01",
    });
    let (status, waiver) = plane.post("/api/v1/waivers", &wish);
    assert_eq!(status, 201, "{waiver}");
    let approve = format!("/api/v1/waivers/{}/approve", waiver["id"].as_str().unwrap());
    assert_eq!(plane.post(&approve, &json!({})).0, 403);
    assert_eq!(plane.post_as(&other, &approve, &json!({ "comment": "fine" })).0, 200);
    plane.until("/api/v1/findings?state=waived&name=one", Duration::from_secs(5), |_, found| {
        found["items"]
            .as_array()
            .is_some_and(|items| items.iter().any(|item| item["rule"] == "pod-security/privileged"))
    });
    assert_eq!(plane.get("/api/v1/trail/verify").1["intact"], true);

    plane.signal("TERM");
    assert_eq!(plane.ended().code(), Some(0));
}

fn admin_link(data: &std::path::Path) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_rampart"))
        .args(["admin-link", "--data"])
        .arg(data)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    text.split_once('#').unwrap_or_else(|| panic!("no link in {text}")).1.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn a_source_that_cannot_be_read_says_why_and_comes_back() {
    let data = tempfile::tempdir().unwrap();
    let mut plane = Plane::start(data.path(), &["--cluster", "gone=context:no-such-context"]);
    plane.sign_in();
    plane.until("/api/v1/clusters", Duration::from_secs(10), |_, list| {
        let cluster = &list["items"][0];
        cluster["state"] == "failed" && cluster["problem"].as_str().is_some_and(|problem| !problem.is_empty())
    });
    // One source that fails is no reason not to serve.
    assert_eq!(plane.get("/readyz").0, 200);
}
