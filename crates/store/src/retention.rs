//! Forgets what is old enough: history, resolved findings and their evidence, days. In steps that each hold no lock for
//! long, to be called once a day by whoever leads.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::failure::Failure;
use crate::ingest::recount_rules;
use crate::sql::in_parts;
use crate::store::Store;
use crate::tx::Tx;
use crate::value::Value;
use crate::{rollup, values};

/// Rows of one step.
const STEP: i64 = 2000;

/// How many days something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    pub history: u32,
    pub resolved: u32,
    pub days: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Self { history: 365, resolved: 180, days: 400 }
    }
}

/// Senders that were not heard of for so long begin a new epoch anyway.
const EPOCH_DAYS: u32 = 30;

/// Returns how many rows went.
///
/// # Errors
/// The database fails; what went until then is gone, and the next call goes on.
pub fn forget(store: &Store, keep: Keep, now: Timestamp) -> Result<u64, Failure> {
    let before = |days: u32| now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now);
    let mut gone = 0;
    gone += repeat(store, |tx| history(tx, before(keep.history)))?;
    gone += repeat(store, |tx| resolved(tx, before(keep.resolved)))?;
    gone += repeat(store, |tx| day(tx, "rollup_day", before(keep.days)))?;
    gone += repeat(store, |tx| day(tx, "rollup_fleet", before(keep.days)))?;
    gone += store.write(|tx| tx.execute("DELETE FROM batch WHERE at < ?1", values![before(EPOCH_DAYS)]))?;
    let clusters: Vec<i64> = store.read(|tx| tx.query("SELECT id FROM cluster ORDER BY id", &[], |row| row.take()))?;
    for cluster in clusters {
        gone += repeat(store, |tx| evidence(tx, cluster))?;
    }
    Ok(gone)
}

fn repeat(store: &Store, step: impl Fn(&mut Tx<'_>) -> Result<u64, Failure>) -> Result<u64, Failure> {
    let mut gone = 0;
    loop {
        match store.write(&step)? {
            0 => return Ok(gone),
            some => gone += some,
        }
    }
}

fn history(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, Failure> {
    let sql = "DELETE FROM drift WHERE seq IN (SELECT seq FROM drift WHERE at < ?1 ORDER BY at LIMIT ?2)";
    tx.execute(sql, values![before, STEP])
}

fn resolved(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, Failure> {
    // What was resolved before was seen before: that is what an index knows.
    let sql = "SELECT cluster, fingerprint, rule FROM finding WHERE state = 2 AND first_seen < ?1 AND resolved < ?1 \
         LIMIT ?2";
    let found = tx.query(sql, values![before, STEP], |row| {
        Ok((row.take::<i64>()?, row.take::<String>()?, row.take::<String>()?))
    })?;
    let mut by_cluster: BTreeMap<i64, (Vec<String>, BTreeSet<String>)> = BTreeMap::new();
    for (cluster, fingerprint, rule) in found {
        let (fingerprints, rules) = by_cluster.entry(cluster).or_default();
        fingerprints.push(fingerprint);
        rules.insert(rule);
    }
    let mut gone = 0;
    for (cluster, (fingerprints, rules)) in by_cluster {
        tx.lock(&format!("cluster {cluster}"))?;
        let counts = in_parts(&fingerprints, |list, part| {
            let sql = format!(
                "DELETE FROM finding WHERE resolved < ?1 AND fingerprint IN ({list}) AND state = 2 AND cluster = {cluster}"
            );
            let values: Vec<Value<'_>> =
                [Value::from(before)].into_iter().chain(part.iter().map(Value::from)).collect();
            tx.execute(&sql, &values).map(|count| vec![count])
        })?;
        gone += counts.into_iter().sum::<u64>();
        recount_rules(tx, cluster, &rules.into_iter().collect::<Vec<_>>())?;
    }
    Ok(gone)
}

fn day(tx: &mut Tx<'_>, table: &str, before: Timestamp) -> Result<u64, Failure> {
    let oldest: Option<Option<String>> = tx.first(&format!("SELECT MIN(day) FROM {table}"), &[], |row| row.take())?;
    match oldest.flatten() {
        Some(oldest) if oldest < rollup::day_of(before).to_string() => {
            tx.execute(&format!("DELETE FROM {table} WHERE day = ?1"), values![oldest])
        }
        _ => Ok(0),
    }
}

/// What no finding of the cluster refers to any more. Ingest is kept out for so long.
fn evidence(tx: &mut Tx<'_>, cluster: i64) -> Result<u64, Failure> {
    tx.lock(&format!("cluster {cluster}"))?;
    let sql = "DELETE FROM blob WHERE cluster = ?1 AND hash IN (SELECT b.hash FROM blob b WHERE b.cluster = ?1 \
         AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.cluster = ?1 AND f.blob = b.hash) LIMIT ?2)";
    tx.execute(sql, values![cluster, STEP])
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use rampart_protocol::Batch;

    use super::{Keep, forget};
    use crate::contract::{cluster, on_each};
    use crate::sample::{Spec, state};
    use crate::{Store, rollup, values};

    fn count(store: &Store, table: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        store.read(|tx| tx.first(&sql, values![], |row| row.take())).unwrap().unwrap()
    }

    #[test]
    fn what_is_old_goes_and_what_is_open_stays() {
        on_each(|store| {
            let start: Timestamp = "2025-01-01T10:00:00Z".parse().unwrap();
            let later = start + SignedDuration::from_hours(24 * 300);
            let id = cluster(store, "c");
            let spec = |place, word| Spec { rule: 0, place, word, waived: false };
            let (first, second) = (state(&[spec(1, 0), spec(2, 0)]), state(&[spec(1, 1)]));
            for (number, (at, batch)) in
                [(start, Batch::between(None, &first)), (start, Batch::between(Some(&first), &second))]
                    .into_iter()
                    .enumerate()
            {
                store.ingest(id, &Batch { epoch: "e".into(), sequence: number as u64 + 1, ..batch }, at).unwrap();
            }
            store.write(|tx| rollup::close(tx, later)).unwrap();
            assert_eq!((count(store, "finding"), count(store, "blob"), count(store, "drift")), (2, 1, 3));
            assert_eq!(forget(store, Keep::default(), start + SignedDuration::from_hours(1)), Ok(0));
            let gone = forget(store, Keep { history: 10, resolved: 10, days: 10 }, later).unwrap();
            assert!(gone >= 4, "{gone}");
            assert_eq!((count(store, "finding"), count(store, "blob"), count(store, "drift")), (1, 1, 0));
            assert_eq!(count(store, "rule_count WHERE resolved > 0"), 0);
            assert_eq!(count(store, "rollup_day"), 15);
            assert_eq!(count(store, "rollup_fleet"), 15);
        });
    }
}
