//! Does a sender hold the same as the store? Answered by digests, without a row written.

use std::collections::{BTreeMap, BTreeSet};

use rampart_protocol::{Digest, Sync, Synced};

use crate::failure::Failure;
use crate::mirror::{Cell, Rows, Table};
use crate::tx::Tx;
use crate::values;

pub(crate) const BUCKETS: Table = Table { name: "bucket", keys: &["rule"], fields: &["digest"] };

pub(crate) fn digests(rows: &Rows) -> Result<BTreeMap<&str, Digest>, Failure> {
    rows.iter().map(|(key, fields)| digest(key, fields)).collect()
}

fn digest<'r>(key: &'r [Cell], fields: &[Cell]) -> Result<(&'r str, Digest), Failure> {
    let damaged = |error: String| Failure::corrupt(format!("a stored digest is damaged: {error}"));
    match (key, fields) {
        ([Cell::Text(rule)], [Cell::Text(digest)]) => Ok((rule, digest.parse().map_err(damaged)?)),
        _ => Err(damaged("it is no text".to_owned())),
    }
}

/// What the sender has to send again: nothing where both sides hold the same.
///
/// # Errors
/// There is no such cluster, or the database fails.
pub fn compare(tx: &mut Tx<'_>, cluster: i64, sync: &Sync) -> Result<Synced, Failure> {
    let home = tx.first("SELECT summary_digest FROM cluster WHERE id = ?1", values![cluster], |row| {
        row.take::<Option<String>>()
    })?;
    let known = home.ok_or_else(|| Failure::missing("such cluster: it was removed; join it again"))?;
    let rows = BUCKETS.read(tx, cluster)?;
    let ours = digests(&rows)?;
    let of_ours = |rule: &str| ours.get(rule).copied().unwrap_or(Digest::EMPTY);
    let of_theirs = |rule: &str| sync.buckets.get(rule).copied().unwrap_or(Digest::EMPTY);
    let rules: BTreeSet<&str> = ours.keys().copied().chain(sync.buckets.keys().map(String::as_str)).collect();
    Ok(Synced {
        protocol: rampart_protocol::version::CURRENT,
        resync: rules.into_iter().filter(|rule| of_ours(rule) != of_theirs(rule)).map(str::to_owned).collect(),
        wants_summary: known != Some(sync.summary.to_string()),
        credit: crate::ingest::CREDIT,
        desired: crate::desired::version(tx, cluster)?,
    })
}
