//! Findings as they are shown in lists: what is wrong with which object of which cluster, since when, and whether it is
//! excused.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rampart_model::{Control, Severity};
use rampart_report::document::SubjectEntry;
use serde::Serialize;

use crate::failure::Failure;
use crate::grade::{State, control_id, severity_id};
use crate::row::Row;
use crate::sql::Sql;
use crate::tx::Tx;

pub mod evidence;
pub mod filter;
pub mod group;
pub mod list;
pub mod one;

pub use filter::Filter;

/// The title of a rule by its id; the store knows ids only.
pub type Titles<'t> = &'t dyn Fn(&str) -> String;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingBrief {
    pub cluster: String,
    pub fingerprint: String,
    pub rule: String,
    pub title: String,
    #[serde(serialize_with = "control_id")]
    pub control: Control,
    #[serde(serialize_with = "severity_id")]
    pub severity: Severity,
    pub subject: SubjectEntry<'static>,
    pub key: String,
    pub message: String,
    pub state: State,
    pub first_seen: Timestamp,
    /// Of an open finding: when its cluster was heard of.
    pub last_seen: Timestamp,
    pub resolved: Option<Timestamp>,
    pub fixable: bool,
    /// The id of the waiver of this plane that excuses it, or where another one is written.
    pub waiver: Option<String>,
}

/// The columns that [`Raw::read`] takes.
pub(crate) const COLUMNS: &str = "f.cluster, f.fingerprint, f.rule, f.control, f.severity, f.api_version, f.kind, \
     f.namespace, f.name, f.key, f.message, f.state, f.first_seen, f.resolved, f.fixable, f.waiver";

/// A finding before its cluster has a name.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) cluster: i64,
    pub(crate) brief: FindingBrief,
}

impl Raw {
    pub(crate) fn read(row: &mut Row, titles: Titles<'_>) -> Result<Self, Failure> {
        let cluster = row.take()?;
        let fingerprint = row.take()?;
        let rule: String = row.take()?;
        let brief = FindingBrief {
            cluster: String::new(),
            fingerprint,
            title: titles(&rule),
            rule,
            control: row.take()?,
            severity: row.take()?,
            subject: SubjectEntry {
                api_version: row.take::<String>()?.into(),
                kind: row.take::<String>()?.into(),
                namespace: row.take::<String>()?.into(),
                name: row.take::<String>()?.into(),
            },
            key: row.take()?,
            message: row.take()?,
            state: row.take()?,
            first_seen: row.take()?,
            last_seen: Timestamp::UNIX_EPOCH,
            resolved: row.take()?,
            fixable: row.take()?,
            waiver: row.take()?,
        };
        Ok(Self { cluster, brief })
    }
}

/// Gives each finding the name of its cluster, and the time it was seen last.
pub(crate) fn named(tx: &mut Tx<'_>, found: Vec<Raw>) -> Result<Vec<FindingBrief>, Failure> {
    let mut ids: Vec<i64> = found.iter().map(|raw| raw.cluster).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut sql = Sql::new("SELECT id, name, last_seen FROM cluster WHERE ");
    sql.ids("id", &ids);
    let homes =
        sql.query(tx, |row| Ok((row.take::<i64>()?, (row.take::<String>()?, row.take::<Option<Timestamp>>()?))))?;
    let homes: BTreeMap<i64, (String, Option<Timestamp>)> = homes.into_iter().collect();
    let named = |raw: Raw| {
        let (cluster, seen) = homes.get(&raw.cluster).cloned()?;
        let last_seen = raw.brief.resolved.or(seen).unwrap_or(raw.brief.first_seen).max(raw.brief.first_seen);
        Some(FindingBrief { cluster, last_seen, ..raw.brief })
    };
    Ok(found.into_iter().filter_map(named).collect())
}
