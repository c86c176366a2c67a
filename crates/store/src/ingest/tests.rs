//! Ingest against a naive model in memory, on both databases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rampart_protocol::{Batch, State, Sync};

use crate::contract::{cluster, on_each};
use crate::drift::ChangeKind;
use crate::failure::Failure;
use crate::sample::{Spec, record, specs, state};
use crate::tx::Tx;
use crate::{Kind, Store, grade, values};

fn start() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

fn numbered(batch: Batch, sequence: u64) -> Batch {
    Batch { epoch: "e1".to_owned(), sequence, ..batch }
}

/// Everything that is stored of a cluster's findings, counted the slow way.
type Stored = BTreeMap<String, (String, grade::State, Option<String>)>;

fn stored(store: &Store, cluster: i64) -> Stored {
    let sql = "SELECT fingerprint, message, state, waiver FROM finding WHERE cluster = ?1";
    let rows = store
        .read(|tx| tx.query(sql, values![cluster], |row| Ok((row.take()?, (row.take()?, row.take()?, row.take()?)))));
    rows.unwrap().into_iter().collect()
}

/// How the history tells the way from one state to the next.
fn drift(known: &mut Stored, after: &State) -> BTreeSet<(String, ChangeKind)> {
    let mut changes = BTreeSet::new();
    for (fingerprint, record) in &after.records {
        let now = if record.waiver.is_some() { grade::State::Waived } else { grade::State::Open };
        let before = known.get(fingerprint).map(|stored| stored.1);
        let change = match (before, now) {
            (Some(before), now) if before == now => None,
            (_, grade::State::Waived) => Some(ChangeKind::Waived),
            (None, _) => Some(ChangeKind::Opened),
            (Some(grade::State::Resolved), _) => Some(ChangeKind::Reopened),
            (Some(_), _) => Some(ChangeKind::Unwaived),
        };
        changes.extend(change.map(|change| (fingerprint.clone(), change)));
        let waiver = record.waiver.as_ref().map(|_| "w-1".to_owned());
        known.insert(fingerprint.clone(), (record.finding.message.to_string(), now, waiver));
    }
    for (fingerprint, stored) in known.iter_mut() {
        if !after.records.contains_key(fingerprint) && stored.1 != grade::State::Resolved {
            stored.1 = grade::State::Resolved;
            changes.insert((fingerprint.clone(), ChangeKind::Closed));
        }
    }
    changes
}

/// Sums of the kept counts and of the findings themselves, which must agree.
fn sums(tx: &mut Tx<'_>, cluster: i64) -> Result<(), Failure> {
    let number = |tx: &mut Tx<'_>, sql: &str| tx.first(sql, values![cluster], |row| row.take::<i64>());
    for (kept, counted) in [
        ("SUM(open) AS BIGINT) FROM rule_count", "COUNT(*) AS BIGINT) FROM finding WHERE state = 0 AND cluster = ?1"),
        ("SUM(waived) AS BIGINT) FROM rule_count", "COUNT(*) AS BIGINT) FROM finding WHERE state = 1 AND cluster = ?1"),
        (
            "SUM(resolved) AS BIGINT) FROM rule_count",
            "COUNT(*) AS BIGINT) FROM finding WHERE state = 2 AND cluster = ?1",
        ),
        (
            "SUM(open) AS BIGINT) FROM namespace_count",
            "COUNT(*) AS BIGINT) FROM finding WHERE state = 0 AND cluster = ?1",
        ),
        ("SUM(open) AS BIGINT) FROM root_count", "COUNT(*) AS BIGINT) FROM finding WHERE state = 0 AND cluster = ?1"),
        (
            "SUM(critical + high + medium + low + info) AS BIGINT) FROM control_state",
            "COUNT(*) AS BIGINT) FROM finding WHERE state = 0 AND cluster = ?1",
        ),
        ("SUM(open) AS BIGINT) FROM rollup_day", "COUNT(*) AS BIGINT) FROM finding WHERE state = 0 AND cluster = ?1"),
        (
            "SUM(fixable) AS BIGINT) FROM rule_count",
            "SUM(fixable) AS BIGINT) FROM finding WHERE state = 0 AND cluster = ?1",
        ),
    ] {
        let kept_sum = tx.first(&format!("SELECT CAST({kept} WHERE cluster = ?1"), values![cluster], |row| {
            row.take::<Option<i64>>()
        })?;
        let real = tx.first(&format!("SELECT CAST({counted}"), values![cluster], |row| row.take::<Option<i64>>())?;
        assert_eq!(kept_sum.flatten().unwrap_or(0), real.flatten().unwrap_or(0), "{kept}");
    }
    let subjects = number(
        tx,
        "SELECT COUNT(*) FROM (SELECT DISTINCT rule, kind, namespace, name FROM finding WHERE state = 0 AND cluster = ?1) AS s",
    )?;
    let kept = number(tx, "SELECT CAST(COALESCE(SUM(subjects), 0) AS BIGINT) FROM rule_count WHERE cluster = ?1")?;
    assert_eq!(subjects, kept);
    Ok(())
}

fn apply(store: &Store, cluster: i64, batch: Batch, at: Timestamp) -> super::Ingested {
    store.ingest(cluster, &batch, at).unwrap()
}

#[test]
fn random_evaluations_leave_what_a_naive_model_says() {
    on_each(|store| {
        let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
        let cases = std::cell::Cell::new(0_u32);
        let evaluations = prop::collection::vec((specs(24), any::<bool>()), 1..5);
        runner
            .run(&evaluations, |evaluations| {
                cases.set(cases.get() + 1);
                let id = cluster(store, &format!("c-{}", cases.get()));
                let (mut model, mut before) = (Stored::new(), None::<State>);
                for (number, (specs, as_parts)) in evaluations.into_iter().enumerate() {
                    let after = state(&specs);
                    let at = start() + SignedDuration::from_hours(i64::try_from(number).unwrap());
                    let expected = drift(&mut model, &after);
                    let sequence = 1 + 100 * number as u64;
                    let mut found = BTreeSet::new();
                    let batch = Batch::between(before.as_ref(), &after);
                    let parts = if as_parts { batch.parts(600) } else { vec![batch] };
                    for (part, batch) in parts.into_iter().enumerate() {
                        let ingested = apply(store, id, numbered(batch, sequence + part as u64), at);
                        prop_assert_eq!(&ingested.ack.resync, &Vec::<String>::new());
                        found.extend(ingested.drift.into_iter().map(|change| (change.fingerprint, change.kind)));
                    }
                    prop_assert_eq!(found, expected);
                    prop_assert_eq!(stored(store, id), model.clone());
                    store.read(|tx| sums(tx, id)).unwrap();
                    before = Some(after);
                }
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn what_is_known_is_not_written_again() {
    on_each(|store| {
        let id = cluster(store, "c");
        let after = state(&[
            Spec { rule: 0, place: 1, word: 0, waived: false },
            Spec { rule: 1, place: 2, word: 0, waived: true },
        ]);
        let batch = numbered(Batch::between(None, &after), 1);
        assert!(apply(store, id, batch.clone(), start()).changed);
        let whole = numbered(Batch::between(None, &after), 2);
        let replacing = numbered(Batch::replacing(&after, &["rbac/wildcard-verb".to_owned()], true), 3);
        let sync = Sync {
            protocol: 1,
            agent_version: "1".to_owned(),
            epoch: "e2".to_owned(),
            summary: after.summary.digest(),
            buckets: after.buckets(),
        };
        let written = store.write(|tx| {
            for batch in [&batch, &whole, &replacing] {
                let ingested = super::apply(tx, id, batch, start())?;
                assert!(!ingested.changed && ingested.drift.is_empty() && ingested.ack.resync.is_empty());
            }
            let synced = crate::sync::compare(tx, id, &sync)?;
            assert!(synced.resync.is_empty() && !synced.wants_summary);
            Ok(tx.changes())
        });
        assert_eq!(written, Ok(0));
    });
}

#[test]
fn a_quarrel_is_settled_by_sending_a_rule_whole() {
    on_each(|store| {
        let id = cluster(store, "c");
        let first =
            [Spec { rule: 0, place: 1, word: 0, waived: false }, Spec { rule: 0, place: 2, word: 0, waived: false }];
        apply(store, id, numbered(Batch::between(None, &state(&first)), 1), start());
        // The second batch was lost on the way, the third says what must be.
        let third = state(&[Spec { rule: 0, place: 3, word: 0, waived: false }]);
        let lost = Batch { removes: Vec::new(), ..Batch::between(Some(&state(&first)), &third) };
        let ingested = apply(store, id, numbered(lost, 3), start());
        assert_eq!(ingested.ack.resync, ["rbac/wildcard-verb"]);
        let sync = Sync {
            protocol: 1,
            agent_version: "1".to_owned(),
            epoch: "e1".to_owned(),
            summary: third.summary.digest(),
            buckets: third.buckets(),
        };
        let compare = || store.read(|tx| crate::sync::compare(tx, id, &sync)).unwrap().resync;
        assert_eq!(compare(), ["rbac/wildcard-verb"]);
        // In small parts: what the first ones brought is kept.
        let whole = Batch::replacing(&third, &ingested.ack.resync, false);
        for (part, batch) in whole.parts(1).into_iter().enumerate() {
            assert!(apply(store, id, numbered(batch, 4 + part as u64), start()).ack.resync.is_empty());
        }
        assert!(compare().is_empty());
        let open = stored(store, id).into_values().filter(|stored| stored.1 == grade::State::Open).count();
        assert_eq!(open, 1);
    });
}

#[test]
fn a_batch_is_applied_once_and_an_unknown_cluster_is_refused() {
    on_each(|store| {
        let id = cluster(store, "c");
        let batch = numbered(Batch::between(None, &state(&[Spec { rule: 0, place: 1, word: 0, waived: false }])), 5);
        assert_eq!(apply(store, id, batch.clone(), start()).drift.len(), 1);
        let again = apply(store, id, batch.clone(), start());
        assert_eq!((again.changed, again.ack.sequence), (false, 5));
        assert_eq!(store.ingest(id + 1, &batch, start()).unwrap_err().kind, Kind::Missing);
        let mut long = batch;
        long.sequence = 6;
        long.upserts[0].finding.rule = "r".repeat(3000).into();
        assert_eq!(store.ingest(id, &long, start()).unwrap_err().kind, Kind::Invalid);
    });
}

#[test]
fn the_evidence_of_a_finding_is_read_back() {
    on_each(|store| {
        let id = cluster(store, "c");
        let spec = Spec { rule: 1, place: 1, word: 0, waived: true };
        apply(store, id, numbered(Batch::between(None, &state(&[spec])), 1), start());
        let fingerprint = record(spec).fingerprint().to_owned();
        let titles = |rule: &str| format!("title of {rule}");
        let found =
            store.read(|tx| crate::finding::one::get(tx, &crate::Scope::all(), "c", &fingerprint, &titles)).unwrap();
        assert_eq!(found.evidence.value.as_deref(), Some("true"));
        assert_eq!(found.brief.waiver.as_deref(), Some("w-1"));
        assert_eq!(found.cause.map(|cause| cause.name.into_owned()).as_deref(), Some("reader-1"));
        assert_eq!(found.history.len(), 1);
        let json = serde_json::to_value(&found.brief).unwrap();
        assert_eq!((&json["firstSeen"], &json["state"]), (&"2026-05-01T10:00:00Z".into(), &"waived".into()));
    });
}
