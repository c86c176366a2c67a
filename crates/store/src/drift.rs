//! The history: what became of a finding, and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::row::FromValue;
use crate::tx::Tx;
use crate::value::Value;
use crate::values;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Opened,
    Closed,
    Reopened,
    Waived,
    Unwaived,
}

impl ChangeKind {
    pub const ALL: [Self; 5] = [Self::Opened, Self::Closed, Self::Reopened, Self::Waived, Self::Unwaived];

    pub fn id(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Waived => "waived",
            Self::Unwaived => "unwaived",
        }
    }
}

impl FromValue for ChangeKind {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        let id = String::from_value(value)?;
        Self::ALL
            .into_iter()
            .find(|kind| kind.id() == id)
            .ok_or_else(|| Failure::corrupt("a stored change is none: restore the database from a backup"))
    }
}

/// An entry of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub seq: i64,
    pub at: Timestamp,
    pub fingerprint: String,
    pub kind: ChangeKind,
}

/// An entry before it has a number.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) fingerprint: String,
    pub(crate) namespace: String,
    pub(crate) kind: ChangeKind,
}

/// In the order of their numbers.
pub(crate) fn record(tx: &mut Tx<'_>, cluster: i64, entries: &[Entry], now: Timestamp) -> Result<Vec<Change>, Failure> {
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| values![cluster, now, &entry.fingerprint, &entry.namespace, entry.kind.id()].to_vec())
        .collect();
    let mut changes = tx.insert_returning(
        "INSERT INTO drift (cluster, at, fingerprint, namespace, change)",
        "RETURNING seq, at, fingerprint, change",
        &rows,
        |row| Ok(Change { seq: row.take()?, at: row.take()?, fingerprint: row.take()?, kind: row.take()? }),
    )?;
    changes.sort_by_key(|change| change.seq);
    Ok(changes)
}

/// What is in the history of a finding, oldest first.
pub(crate) fn of(tx: &mut Tx<'_>, cluster: i64, fingerprint: &str) -> Result<Vec<(Timestamp, ChangeKind)>, Failure> {
    let sql = "SELECT at, change FROM drift WHERE cluster = ?1 AND fingerprint = ?2 ORDER BY seq DESC LIMIT 200";
    let mut found = tx.query(sql, values![cluster, fingerprint], |row| Ok((row.take()?, row.take()?)))?;
    found.reverse();
    Ok(found)
}
