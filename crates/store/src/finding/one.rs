//! One finding with its evidence, what to do about it, and its history.

use jiff::Timestamp;
use jiff::civil::Date;
use rampart_report::document::{RemedyEntry, SubjectEntry};
use serde::Serialize;

use super::{COLUMNS, FindingBrief, Raw, Titles, named};
use crate::drift::{self, ChangeKind};
use crate::failure::Failure;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;
use crate::{blob, cluster};

/// What the rule says of it (why, fix, mappings) is the caller's to add.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    #[serde(flatten)]
    pub brief: FindingBrief,
    pub evidence: Evidence,
    pub remedies: Vec<RemedyEntry<'static>>,
    /// The object to change, where it is not the subject.
    pub cause: Option<SubjectEntry<'static>>,
    /// The day that it is about, where there is one.
    pub due: Option<Date>,
    /// Oldest first.
    pub history: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// The field; empty where the whole object is meant.
    pub path: String,
    pub location: Option<Location>,
    pub value: Option<String>,
    pub excerpt: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Location {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    pub at: Timestamp,
    pub change: ChangeKind,
}

/// # Errors
/// There is no such finding in the scope, or the database fails.
pub fn get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    cluster: &str,
    fingerprint: &str,
    titles: Titles<'_>,
) -> Result<Finding, Failure> {
    let missing = || {
        let (fingerprint, cluster) = (fingerprint.escape_debug(), cluster.escape_debug());
        Failure::missing(format!("finding `{fingerprint}` in cluster `{cluster}`"))
    };
    let visible = Visible::resolve(tx, scope)?;
    let id = cluster::id_of(tx, cluster)?.ok_or_else(missing)?;
    let mut sql = Sql::new(&format!(
        "SELECT {COLUMNS}, f.blob, f.cause_api_version, f.cause_kind, f.cause_namespace, f.cause_name FROM finding f \
         WHERE f.cluster = "
    ));
    sql.bind(id).push(" AND f.fingerprint = ").bind(fingerprint.to_owned());
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    let found = sql.first(tx, |row| {
        let raw = Raw::read(row, titles)?;
        let hash: String = row.take()?;
        let cause: [Option<String>; 4] = [row.take()?, row.take()?, row.take()?, row.take()?];
        Ok((raw, hash, cause))
    })?;
    let (raw, hash, cause) = found.ok_or_else(missing)?;
    let blob = blob::read(tx, id, &hash)?;
    let brief = named(tx, vec![raw])?.pop().ok_or_else(missing)?;
    let history = drift::of(tx, id, fingerprint)?;
    let cause = match cause {
        [Some(api_version), Some(kind), Some(namespace), Some(name)] => Some(SubjectEntry {
            api_version: api_version.into(),
            kind: kind.into(),
            namespace: namespace.into(),
            name: name.into(),
        }),
        _ => None,
    };
    let location = blob.location.map(|location| Location {
        file: location.file.into_owned(),
        line: location.line,
        column: location.column,
    });
    Ok(Finding {
        brief,
        evidence: Evidence { path: blob.path, location, value: blob.value, excerpt: blob.excerpt },
        remedies: blob.remedies,
        cause,
        due: blob.due,
        history: history.into_iter().map(|(at, change)| Event { at, change }).collect(),
    })
}
