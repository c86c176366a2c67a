//! Takes in what an evaluation changed: one transaction from the batch to the counts, the history and the outbox.
//!
//! What is stored already is not written again, so a fleet that comes back all at once costs reads only. A batch that was
//! applied before is answered and not applied.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rampart_protocol::{Ack, Batch, Digest};

use crate::delivery::record::{Event, record};
use crate::drift::Change;
use crate::failure::Failure;
use crate::grade::State;
use crate::store::Store;
use crate::tx::Tx;
use crate::{desired, drift, values};

mod count;
mod stored;
mod summary;
#[cfg(test)]
mod tests;
mod transition;
mod write;

pub(crate) use count::{by_rule as recount_rules, recount, weight_of};
use stored::Stored;
use transition::{Transition, Transitions};

/// Batches that are taken at once.
pub(crate) const CREDIT: u32 = 4;

#[derive(Debug, Clone, PartialEq)]
pub struct Ingested {
    pub ack: Ack,
    /// In the order of the history.
    pub drift: Vec<Change>,
    /// False where the batch said nothing new, and nothing was written.
    pub changed: bool,
}

impl Store {
    /// Applies a batch of the cluster with this id: as a whole, or not at all.
    ///
    /// # Errors
    /// There is no such cluster, the batch is malformed, or the database fails.
    pub fn ingest(&self, cluster: i64, batch: &Batch, now: Timestamp) -> Result<Ingested, Failure> {
        self.write(|tx| apply(tx, cluster, batch, now))
    }
}

/// As [`Store::ingest`], within a transaction.
///
/// # Errors
/// There is no such cluster, the batch is malformed, or the database fails.
pub fn apply(tx: &mut Tx<'_>, cluster: i64, batch: &Batch, now: Timestamp) -> Result<Ingested, Failure> {
    check(batch)?;
    let home = lock(tx, cluster)?;
    let nothing_new = |ack| Ingested { ack, drift: Vec::new(), changed: false };
    let ack =
        Ack { sequence: batch.sequence, credit: CREDIT, desired: desired::version(tx, cluster)?, resync: Vec::new() };
    if batch.sequence <= last_sequence(tx, cluster, &batch.epoch)? {
        return Ok(nothing_new(ack));
    }
    let Transitions { all: transitions, kept } = transition::all(tx, cluster, batch)?;
    let resync = settle_buckets(tx, cluster, batch, &transitions, &kept)?;
    let ack = Ack { resync, ..ack };
    let drift = write::findings(tx, cluster, &transitions, now)?;
    let summary = summary::apply(tx, cluster, &home, batch.summary.as_deref())?;
    if transitions.is_empty() && !summary.changed {
        return Ok(nothing_new(ack));
    }
    count::update(tx, cluster, &transitions, &summary)?;
    summary::evaluated(tx, cluster, &summary, batch.summary.as_deref(), now)?;
    crate::rollup::today(tx, cluster, now)?;
    let drift = drift::record(tx, cluster, &drift, now)?;
    announce(tx, &home.name, &drift, &transitions, now)?;
    tx.execute(
        "INSERT INTO batch (cluster, epoch, sequence, at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (cluster, epoch) DO UPDATE SET sequence = excluded.sequence, at = excluded.at",
        values![cluster, &batch.epoch, batch.sequence, now],
    )?;
    Ok(Ingested { ack, drift, changed: true })
}

/// What is known of the cluster before.
struct Home {
    name: String,
    summary_digest: Option<String>,
}

/// The rows of a cluster are changed by one transaction at a time.
fn lock(tx: &mut Tx<'_>, cluster: i64) -> Result<Home, Failure> {
    tx.lock(&format!("cluster {cluster}"))?;
    let home = tx.first("SELECT name, summary_digest FROM cluster WHERE id = ?1", values![cluster], |row| {
        Ok(Home { name: row.take()?, summary_digest: row.take()? })
    })?;
    home.ok_or_else(|| Failure::missing("such cluster: it was removed; join it again"))
}

fn last_sequence(tx: &mut Tx<'_>, cluster: i64, epoch: &str) -> Result<u64, Failure> {
    let sql = "SELECT sequence FROM batch WHERE cluster = ?1 AND epoch = ?2";
    Ok(tx.first(sql, values![cluster, epoch], |row| row.take())?.unwrap_or(0))
}

/// What an index can hold; nothing honest is longer.
fn check(batch: &Batch) -> Result<(), Failure> {
    let too_long =
        |what: &str, limit: usize| Err(Failure::invalid("batch", format!("{what} is longer than {limit} bytes")));
    if batch.epoch.len() > 64 || batch.epoch.is_empty() {
        return too_long("the epoch is empty or", 64);
    }
    for record in &batch.upserts {
        let finding = &record.finding;
        let subject = &finding.subject;
        for (what, text, limit) in [
            ("a fingerprint", &finding.fingerprint, 64),
            ("a rule", &finding.rule, 200),
            ("a kind", &subject.kind, 253),
            ("a namespace", &subject.namespace, 253),
            ("a name", &subject.name, 1000),
        ] {
            if text.len() > limit {
                return too_long(what, limit);
            }
        }
        if let Some(cause) = &finding.cause
            && cause.kind.len() + cause.namespace.len() + cause.name.len() > 1500
        {
            return too_long("the name of a cause", 1500);
        }
    }
    let rules =
        batch.replaces.iter().chain(batch.buckets.keys()).chain(batch.removes.iter().map(|removal| &removal.rule));
    for rule in rules {
        if rule.len() > 200 {
            return too_long("a rule", 200);
        }
    }
    Ok(())
}

/// Brings the digests up to the findings and returns the rules that the sender sees differently.
fn settle_buckets(
    tx: &mut Tx<'_>,
    cluster: i64,
    batch: &Batch,
    transitions: &[Transition<'_>],
    kept: &[Stored],
) -> Result<Vec<String>, Failure> {
    let rules: BTreeSet<String> = transitions
        .iter()
        .flat_map(Transition::rules)
        .chain(batch.buckets.keys().map(String::as_str))
        .chain(batch.replaces.iter().map(String::as_str))
        .map(str::to_owned)
        .collect();
    let rules: Vec<String> = rules.into_iter().collect();
    let before = crate::sync::BUCKETS.read_some(tx, cluster, &rules)?;
    let mut digests: BTreeMap<&str, Digest> = crate::sync::digests(&before)?;
    // A bucket that is sent whole is counted afresh, whatever was remembered of it.
    let replaced: BTreeSet<&str> = batch.replaces.iter().map(String::as_str).collect();
    for rule in &replaced {
        digests.insert(rule, Digest::EMPTY);
    }
    for record in batch.upserts.iter().filter(|record| replaced.contains(&*record.finding.rule)) {
        toggle(&mut digests, &record.finding.rule, record.digest());
    }
    for stored in
        kept.iter().filter(|stored| stored.state != State::Resolved && replaced.contains(stored.rule.as_str()))
    {
        toggle(&mut digests, &stored.rule, stored.digest()?);
    }
    for transition in transitions {
        if let Some((rule, digest)) = transition.before_in_bucket()?
            && !replaced.contains(rule)
        {
            toggle(&mut digests, rule, digest);
        }
        if let Some((rule, digest)) = transition.after_in_bucket()
            && !replaced.contains(rule)
        {
            toggle(&mut digests, rule, digest);
        }
    }
    let after = digests
        .iter()
        .filter(|(_, digest)| **digest != Digest::EMPTY)
        .map(|(rule, digest)| (vec![(*rule).into()], vec![digest.to_string().as_str().into()]))
        .collect();
    crate::sync::BUCKETS.write(tx, cluster, &before, &after)?;
    let differs = |(rule, theirs): (&String, &Digest)| {
        let ours = digests.get(rule.as_str()).copied().unwrap_or(Digest::EMPTY);
        (ours != *theirs).then(|| rule.clone())
    };
    Ok(batch.buckets.iter().filter_map(differs).collect())
}

fn toggle<'r>(digests: &mut BTreeMap<&'r str, Digest>, rule: &'r str, digest: Digest) {
    let bucket = digests.entry(rule).or_insert(Digest::EMPTY);
    *bucket = bucket.toggle(digest);
}

/// What is to be told to people goes into the outbox in the same transaction.
fn announce(
    tx: &mut Tx<'_>,
    cluster: &str,
    drift: &[Change],
    transitions: &[Transition<'_>],
    now: Timestamp,
) -> Result<(), Failure> {
    let by_fingerprint: BTreeMap<&str, &Transition<'_>> =
        transitions.iter().map(|transition| (transition.fingerprint(), transition)).collect();
    let events: Vec<_> = drift
        .iter()
        .filter_map(|change| {
            let finding = &by_fingerprint.get(change.fingerprint.as_str())?.after.as_ref()?.record.finding;
            Some(Event {
                seq: change.seq,
                fingerprint: &change.fingerprint,
                change: change.kind.id(),
                rule: &finding.rule,
                control: finding.control.id(),
                severity: finding.severity,
                kind: &finding.subject.kind,
                namespace: &finding.subject.namespace,
                name: &finding.subject.name,
                message: &finding.message,
            })
        })
        .collect();
    record(tx, cluster, &events, now)?;
    Ok(())
}
