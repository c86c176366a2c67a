//! What breaks, and what is left of it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rampart_testkit::postgres;
use serde_json::{Value, json};

use crate::plane::{Plane, privileged_pod};

fn is_named(status: u16, answer: &Value, part: &str) -> bool {
    let problems = answer["problems"].as_array().cloned().unwrap_or_default();
    status == 503 && problems.iter().any(|problem| problem["part"] == part)
}

#[test]
fn kill_minus_nine_loses_nothing_that_was_acknowledged() {
    let data = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("base.yaml"), privileged_pod("base")).unwrap();
    let source = format!("shop={}", folder.path().display());
    let mut token = String::new();
    let mut waivers = Vec::new();
    for round in 0..4 {
        let mut plane = Plane::start(data.path(), &["--cluster", &source]);
        if round == 0 {
            plane.sign_in();
            token = plane.token.clone();
        }
        plane.token = token.clone();
        plane
            .until("/api/v1/findings?name=base", Duration::from_secs(10), |_, found| found["total"].as_u64() > Some(0));
        for earlier in 0..round {
            let (_, found) = plane.get(&format!("/api/v1/findings?name=pod-{earlier}"));
            assert!(found["total"].as_u64() > Some(0), "round {round}: {found}");
        }
        let (_, list) = plane.get("/api/v1/waivers");
        let known: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert!(waivers.iter().all(|waiver: &String| known.contains(&waiver.as_str())), "{waivers:?} {known:?}");
        assert_eq!(plane.get("/api/v1/trail/verify").1["intact"], true);
        std::fs::write(folder.path().join(format!("{round}.yaml")), privileged_pod(&format!("pod-{round}"))).unwrap();
        plane.until(&format!("/api/v1/findings?name=pod-{round}"), Duration::from_secs(10), |_, found| {
            found["total"].as_u64() > Some(0)
        });
        let wish = json!({
            "rule": "pod-security/privileged", "clusters": ["shop"], "name": format!("pod-{round}"), "reason": "r",
            "owner": "o", "expires": "2099-01-01",
        });
        let (status, waiver) = plane.post("/api/v1/waivers", &wish);
        assert_eq!(status, 201, "{waiver}");
        waivers.push(waiver["id"].as_str().unwrap().to_owned());
        plane.kill();
    }
}

/// A small disk of its own, for root.
struct Disk<'d>(&'d Path);

impl<'d> Disk<'d> {
    fn mount(folder: &'d Path) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"]).arg(folder).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_is_named_and_passes() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else {
        eprintln!("SKIPPED: a small disk can be mounted by root alone");
        return;
    };
    let data = disk.0.join("data");
    let mut plane = Plane::start(&data, &[]);
    plane.sign_in();
    assert_eq!(plane.get("/readyz").0, 200);
    let filler = disk.0.join("filler");
    // Until nothing more fits.
    let _ = std::fs::write(&filler, vec![1_u8; 64 << 20]);
    plane.until("/readyz", Duration::from_secs(10), |status, answer| is_named(status, answer, "disk"));
    let create = |number: u32| plane.post("/api/v1/clusters", &json!({ "name": format!("cluster-{number}") })).0;
    let refused = (0..200).map(create).find(|status| *status == 503);
    assert_eq!(refused, Some(503), "a write to a full disk must be refused");
    plane.until("/readyz", Duration::from_secs(10), |status, answer| is_named(status, answer, "store"));
    // What can be read still is.
    assert_eq!(plane.get("/api/v1/clusters").0, 200);
    std::fs::remove_file(&filler).unwrap();
    plane.until("/readyz", Duration::from_secs(20), |status, _| status == 200);
    assert_eq!(plane.post("/api/v1/clusters", &json!({ "name": "after" })).0, 201);
    assert_eq!(plane.get("/api/v1/trail/verify").1["intact"], true);
    drop(plane);
    drop(disk);
}

#[test]
fn a_database_that_restarts_is_waited_for() {
    let Some(mut server) = postgres::Server::start() else {
        eprintln!("SKIPPED: initdb is not installed (apt-get install postgresql)");
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pod.yaml"), privileged_pod("one")).unwrap();
    let source = format!("shop={}", folder.path().display());
    let database = server.database();
    let mut plane = Plane::start(data.path(), &["--database", &database, "--cluster", &source]);
    plane.sign_in();
    plane.until("/api/v1/findings?name=one", Duration::from_secs(15), |_, found| found["total"].as_u64() > Some(0));
    server.down();
    plane.until("/readyz", Duration::from_secs(20), |status, answer| is_named(status, answer, "store"));
    assert_eq!(plane.get("/healthz").0, 200);
    assert_eq!(plane.get("/api/v1/findings").0, 503);
    // What changes meanwhile is not lost.
    std::fs::write(folder.path().join("two.yaml"), privileged_pod("two")).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    server.up();
    plane.until("/readyz", Duration::from_secs(30), |status, _| status == 200);
    plane.until("/api/v1/findings?name=two", Duration::from_secs(40), |_, found| found["total"].as_u64() > Some(0));
}
