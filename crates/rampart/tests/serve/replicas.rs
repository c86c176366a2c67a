//! Two planes over one PostgreSQL: one is killed, and nothing stops.

use std::time::Duration;

use rampart_testkit::postgres;

use crate::plane::{Plane, privileged_pod};

#[test]
fn the_other_replica_goes_on_when_one_is_killed() {
    let Some(server) = postgres::shared() else {
        eprintln!("SKIPPED: initdb is not installed (apt-get install postgresql)");
        return;
    };
    let database = server.database();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("one.yaml"), privileged_pod("one")).unwrap();
    let source = format!("shop={}", folder.path().display());
    let words = ["--database", database.as_str(), "--cluster", &source];
    let data = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut first = Plane::start(data[0].path(), &words);
    first.sign_in();
    first.until("/api/v1/findings?name=one", Duration::from_secs(20), |_, found| found["total"].as_u64() > Some(0));
    let mut second = Plane::start(data[1].path(), &words);
    second.token = first.token.clone();
    second.until("/api/v1/status", Duration::from_secs(15), |_, status| status["replicas"] == 2);

    // What one takes in, a page at the other hears of.
    let events = second.events();
    std::fs::write(folder.path().join("two.yaml"), privileged_pod("two")).unwrap();
    second.until("/api/v1/findings?name=two", Duration::from_secs(10), |_, found| found["total"].as_u64() > Some(0));
    assert!(events.recv_timeout(Duration::from_secs(10)).is_ok());

    first.kill();
    std::fs::write(folder.path().join("three.yaml"), privileged_pod("three")).unwrap();
    let took = second
        .until("/api/v1/findings?name=three", Duration::from_secs(40), |_, found| found["total"].as_u64() > Some(0));
    eprintln!("the other replica led after {} ms", took.as_millis());
    let (_, found) = second.get("/api/v1/findings?name=two");
    assert!(found["total"].as_u64() > Some(0), "{found}");
    assert_eq!(second.get("/api/v1/trail/verify").1["intact"], true);
    second.until("/readyz", Duration::from_secs(5), |status, _| status == 200);
}
