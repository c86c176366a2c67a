//! What the plane wants of a cluster, by a version that rises with each change. A cluster without a row is at 1.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rampart_protocol::Desired;

use crate::failure::Failure;
use crate::tx::Tx;
use crate::waiver::{covered, read};
use crate::{setting, values};

/// The setting with the registries that images may come from: a list of texts.
pub const ALLOWED_REGISTRIES: &str = "allowed_registries";

/// # Errors
/// The database refuses.
pub fn version(tx: &mut Tx<'_>, cluster: i64) -> Result<u64, Failure> {
    Ok(row(tx, cluster)?.0)
}

/// # Errors
/// There is no such cluster, or the database refuses.
pub fn of(tx: &mut Tx<'_>, cluster: i64, now: Timestamp) -> Result<Desired, Failure> {
    let name = tx.first("SELECT name FROM cluster WHERE id = ?1", values![cluster], |row| row.take::<String>())?;
    let name = name.ok_or_else(|| Failure::missing("such cluster"))?;
    let (version, rescan) = row(tx, cluster)?;
    let waivers = read::approved_for(tx, &name, now)?.iter().map(crate::waiver::Waiver::to_desired).collect();
    let allowed_registries = setting::get(tx, ALLOWED_REGISTRIES)?.unwrap_or_default();
    Ok(Desired { version, waivers, allowed_registries, rescan })
}

fn row(tx: &mut Tx<'_>, cluster: i64) -> Result<(u64, u64), Failure> {
    let found = tx.first("SELECT version, rescan FROM desired WHERE cluster = ?1", values![cluster], |row| {
        Ok((row.take()?, row.take()?))
    })?;
    Ok(found.unwrap_or((1, 0)))
}

/// Raises the version of each cluster whose name one of the globs matches; an empty list stands for all.
pub(crate) fn bump_matching(tx: &mut Tx<'_>, globs: &[String]) -> Result<(), Failure> {
    bump_matching_any(tx, std::iter::once(globs))
}

/// As [`bump_matching`] for several lists: a cluster that more than one matches rises by one.
pub(crate) fn bump_matching_any<'g>(
    tx: &mut Tx<'_>,
    lists: impl IntoIterator<Item = &'g [String]>,
) -> Result<(), Failure> {
    let mut clusters = BTreeSet::new();
    for globs in lists {
        clusters.extend(covered::clusters(tx, globs)?);
    }
    // In the order of ids, so that two changes at once cannot wait for each other.
    clusters.into_iter().try_for_each(|cluster| bump(tx, cluster, false))
}

/// Asks a cluster to be evaluated again.
///
/// # Errors
/// The database refuses.
pub fn rescan(tx: &mut Tx<'_>, cluster: i64) -> Result<(), Failure> {
    bump(tx, cluster, true)
}

fn bump(tx: &mut Tx<'_>, cluster: i64, is_rescan: bool) -> Result<(), Failure> {
    tx.execute(
        "INSERT INTO desired (cluster, version, rescan) VALUES (?1, 2, ?2) ON CONFLICT (cluster) DO UPDATE \
         SET version = desired.version + 1, rescan = desired.rescan + excluded.rescan",
        values![cluster, is_rescan],
    )?;
    Ok(())
}
