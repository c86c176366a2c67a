//! What waits, what is held, and what a quarrel brings back.

use std::collections::BTreeMap;

use rampart_model::{Control, Severity};
use rampart_protocol::{Digest, Record, Summary};
use rampart_report::document::{FindingEntry, SubjectEntry};

use super::*;

fn state(findings: &[(&str, &str)]) -> State {
    let record = |(name, message): &(&str, &str)| Record {
        finding: FindingEntry {
            fingerprint: (*name).to_owned().into(),
            rule: "rbac/r".into(),
            control: Control::Rbac,
            severity: Severity::High,
            subject: SubjectEntry {
                api_version: "v1".into(),
                kind: "Pod".into(),
                namespace: "n".into(),
                name: (*name).to_owned().into(),
            },
            key: "".into(),
            message: (*message).to_owned().into(),
            path: "".into(),
            location: None,
            value: None,
            excerpt: None,
            cause: None,
            due: None,
            remedies: Vec::new(),
        },
        waiver: None,
    };
    let summary = Summary {
        server_version: None,
        score: None,
        objects: findings.len() as u64,
        kinds: BTreeMap::new(),
        controls: Vec::new(),
        rules: BTreeMap::new(),
        gaps: Vec::new(),
        diagnostics: Vec::new(),
        namespaces: Vec::new(),
    };
    let records = findings.iter().map(record).map(|record| (record.fingerprint().to_owned(), record));
    State { summary, records: records.collect() }
}

/// As much of a plane as a desk needs: what it holds, and digests of it.
#[derive(Default)]
struct Plane {
    records: BTreeMap<String, Record>,
    summary: Option<Summary>,
    /// Batches applied.
    writes: usize,
    last: BTreeMap<String, u64>,
}

impl Plane {
    fn buckets(&self) -> rampart_protocol::Buckets {
        let summary = state(&[]).summary;
        State { summary, records: self.records.clone() }.buckets()
    }

    fn take(&mut self, body: &[u8]) -> Vec<String> {
        let batch: Batch = codec::decode(body).unwrap();
        let last = self.last.entry(batch.epoch.clone()).or_default();
        if batch.sequence <= *last {
            return Vec::new();
        }
        *last = batch.sequence;
        self.writes += 1;
        self.records.retain(|fingerprint, record| {
            let is_gone = batch.removes.iter().any(|one| one.fingerprint == *fingerprint);
            !is_gone && !batch.replaces.iter().any(|rule| *rule == record.finding.rule)
        });
        self.records.extend(batch.upserts.into_iter().map(|record| (record.fingerprint().to_owned(), record)));
        self.summary = batch.summary.map(|summary| *summary).or(self.summary.take());
        let have = self.buckets();
        let differs = |(rule, digest): &(&String, &Digest)| have.get(*rule).copied().unwrap_or_default() != **digest;
        batch.buckets.iter().filter(differs).map(|(rule, _)| rule.clone()).collect()
    }

    fn settle(&self, sync: &Sync) -> (Vec<String>, bool) {
        let have = self.buckets();
        let rules: BTreeSet<&String> = have.keys().chain(sync.buckets.keys()).collect();
        let differing = rules.into_iter().filter(|rule| have.get(*rule) != sync.buckets.get(*rule));
        let summary = self.summary.as_ref().map(Summary::digest);
        (differing.cloned().collect(), summary != Some(sync.summary))
    }
}

/// Sends all that there is; the answers to requests that `is_lost` names never arrive.
fn run(desk: &Desk, plane: &mut Plane) {
    for _ in 0..50 {
        if let Some((number, body)) = desk.first() {
            let resync = plane.take(&body);
            desk.acknowledged(number, &resync);
        } else if let Some((state, sync)) = desk.to_settle() {
            let (resync, wants_summary) = plane.settle(&sync);
            desk.settled(&state, &resync, wants_summary, Timestamp::UNIX_EPOCH);
        } else {
            return;
        }
    }
    panic!("it never settles");
}

fn desk(folder: &tempfile::TempDir, epoch: &str, limit: u64) -> Desk {
    Desk::new(Ring::open(folder.path(), limit).unwrap().0, epoch.to_owned())
}

fn see(desk: &Desk, findings: &[(&str, &str)]) -> bool {
    desk.evaluated(state(findings), Timestamp::UNIX_EPOCH)
}

#[test]
fn start_with_the_same_state_writes_nothing_and_changes_arrive() {
    let (folder, mut plane) = (tempfile::tempdir().unwrap(), Plane::default());
    let first = desk(&folder, "one", 1 << 20);
    see(&first, &[("a", "1"), ("b", "1")]);
    run(&first, &mut plane);
    assert_eq!((plane.records.len(), plane.writes), (2, 1));
    assert!(!see(&first, &[("a", "1"), ("b", "1")]), "nothing changed");
    see(&first, &[("a", "2"), ("c", "1")]);
    run(&first, &mut plane);
    assert_eq!(plane.records, state(&[("a", "2"), ("c", "1")]).records);
    drop(first);
    let second = desk(&folder, "two", 1 << 20);
    let writes = plane.writes;
    see(&second, &[("a", "2"), ("c", "1")]);
    run(&second, &mut plane);
    assert_eq!(plane.writes, writes, "a reconnect writes nothing");
}

#[test]
fn unsent_changes_of_a_killed_agent_arrive_before_those_of_its_successor() {
    let (folder, mut plane) = (tempfile::tempdir().unwrap(), Plane::default());
    let first = desk(&folder, "one", 1 << 20);
    see(&first, &[("a", "1")]);
    run(&first, &mut plane);
    see(&first, &[("a", "1"), ("b", "1")]);
    see(&first, &[("b", "1")]);
    // Sent, and killed before the answer was written down.
    let (_, body) = first.first().unwrap();
    plane.take(&body);
    drop(first);
    let second = desk(&folder, "two", 1 << 20);
    see(&second, &[("b", "1"), ("c", "1")]);
    assert!(second.to_settle().is_none(), "the ring comes first");
    let writes = plane.writes;
    run(&second, &mut plane);
    assert_eq!(plane.records, state(&[("b", "1"), ("c", "1")]).records);
    assert_eq!(plane.writes, writes + 2, "one from the ring, one to settle; the repeated one is applied once");
}

#[test]
fn plane_that_holds_something_else_is_put_right() {
    let (folder, mut plane) = (tempfile::tempdir().unwrap(), Plane::default());
    let desk = desk(&folder, "one", 1 << 20);
    see(&desk, &[("a", "1"), ("b", "1")]);
    run(&desk, &mut plane);
    // A plane that was restored from a backup.
    plane.records.remove("a");
    see(&desk, &[("a", "1"), ("b", "2")]);
    run(&desk, &mut plane);
    see(&desk, &[("a", "1"), ("b", "2")]);
    run(&desk, &mut plane);
    assert_eq!(plane.records, state(&[("a", "1"), ("b", "2")]).records);
}

#[test]
fn full_ring_drops_old_changes_and_settles_by_digests() {
    let (folder, mut plane) = (tempfile::tempdir().unwrap(), Plane::default());
    let desk = desk(&folder, "one", 2000);
    see(&desk, &[("a", "1")]);
    run(&desk, &mut plane);
    // The plane is away.
    for round in 0..20 {
        let message = round.to_string();
        see(&desk, &[("a", &message), ("b", &message)]);
    }
    assert!(desk.waiting() < 20);
    run(&desk, &mut plane);
    assert_eq!(plane.records, state(&[("a", "19"), ("b", "19")]).records);
}

#[test]
fn refused_batch_ends_in_a_settlement() {
    let (folder, mut plane) = (tempfile::tempdir().unwrap(), Plane::default());
    let desk = desk(&folder, "one", 1 << 20);
    see(&desk, &[("a", "1")]);
    run(&desk, &mut plane);
    see(&desk, &[("a", "2")]);
    desk.quarrel();
    assert!(desk.first().is_none() && desk.to_settle().is_none());
    see(&desk, &[("a", "2")]);
    run(&desk, &mut plane);
    assert_eq!(plane.records, state(&[("a", "2")]).records);
}
