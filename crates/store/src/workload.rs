//! All that is known of one object: what is wrong with it, and what it causes elsewhere.

use rampart_model::Control;
use rampart_report::document::{CountsEntry, SubjectEntry};
use serde::Serialize;

use crate::cluster::{self, tally};
use crate::failure::Failure;
use crate::finding::{COLUMNS, FindingBrief, Raw, Titles, named};
use crate::grade::{State, control_id};
use crate::history::{self, Change};
use crate::page;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

const HISTORY: usize = 50;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Workload {
    pub cluster: String,
    pub subject: SubjectEntry<'static>,
    /// Open findings.
    pub counts: CountsEntry,
    /// Controls with open findings.
    pub controls: Vec<ControlCounts>,
    /// The gravest first; open ones, then waived, then resolved.
    pub findings: Vec<FindingBrief>,
    /// The newest first.
    pub history: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlCounts {
    #[serde(serialize_with = "control_id")]
    pub id: Control,
    pub title: &'static str,
    pub counts: CountsEntry,
}

/// # Errors
/// Nothing is known of such an object in the scope, or the database fails.
pub fn get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    cluster: &str,
    kind: &str,
    namespace: &str,
    name: &str,
    titles: Titles<'_>,
) -> Result<Workload, Failure> {
    let shown = format!("{}/{}/{}", kind.escape_debug(), namespace.escape_debug(), name.escape_debug());
    let missing = || Failure::missing(format!("finding of `{shown}` in cluster `{}`", cluster.escape_debug()));
    let visible = Visible::resolve(tx, scope)?;
    let id = cluster::id_of(tx, cluster)?.ok_or_else(missing)?;
    let is_it = |sql: &mut Sql| {
        sql.push(" AND f.cluster = ").bind(id).push(" AND ((f.namespace = ").bind(namespace.to_owned());
        sql.push(" AND f.kind = ").bind(kind.to_owned()).push(" AND f.name = ").bind(name.to_owned());
        sql.push(") OR (f.cause_kind IS NOT NULL AND f.cause_namespace = ").bind(namespace.to_owned());
        sql.push(" AND f.cause_kind = ").bind(kind.to_owned()).push(" AND f.cause_name = ").bind(name.to_owned());
        sql.push("))");
        visible.rows(sql, "f.cluster", "f.namespace");
    };
    let mut sql = Sql::new(&format!("SELECT {COLUMNS}, f.cause_api_version FROM finding f WHERE 1 = 1"));
    is_it(&mut sql);
    sql.push(" ORDER BY f.state, f.severity, f.rule, f.fingerprint LIMIT ").bind(page::LARGEST);
    let rows = sql.query(tx, |row| Ok((Raw::read(row, titles)?, row.take::<Option<String>>()?)))?;
    let own = |raw: &Raw| {
        raw.brief.subject.kind == kind && raw.brief.subject.name == name && raw.brief.subject.namespace == namespace
    };
    let api_version =
        rows.iter().find_map(
            |(raw, cause)| {
                if own(raw) { Some(raw.brief.subject.api_version.to_string()) } else { cause.clone() }
            },
        );
    let api_version = api_version.ok_or_else(missing)?;
    let findings = named(tx, rows.into_iter().map(|(raw, _)| raw).collect())?;
    let open: Vec<&FindingBrief> = findings.iter().filter(|finding| finding.state == State::Open).collect();
    let control = |id: Control| {
        let counts = tally(open.iter().filter(|finding| finding.control == id).map(|finding| (finding.severity, 1)));
        (counts != CountsEntry::default()).then_some(ControlCounts { id, title: id.title(), counts })
    };
    Ok(Workload {
        cluster: cluster.to_owned(),
        subject: SubjectEntry {
            api_version: api_version.into(),
            kind: kind.to_owned().into(),
            namespace: namespace.to_owned().into(),
            name: name.to_owned().into(),
        },
        counts: tally(open.iter().map(|finding| (finding.severity, 1))),
        controls: Control::ALL.into_iter().filter_map(control).collect(),
        history: history::of_findings(tx, is_it, HISTORY, titles)?,
        findings,
    })
}
