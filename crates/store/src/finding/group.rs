//! Findings in groups, the gravest and largest first.
//!
//! Where the question allows it the answer comes from counts that ingest keeps. `subjects` counts an object once for each
//! rule that speaks of it; of a cause, the objects that it harms.

use rampart_model::{Control, Severity};
use serde::{Deserialize, Serialize};

use super::filter::Resolved;
use super::{Filter, Titles};
use crate::failure::Failure;
use crate::grade::{rank, severity_id};
use crate::page::{self, Page};
use crate::row::Row;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    Rule,
    /// The object whose change removes them.
    Cause,
    Cluster,
    Namespace,
    Control,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The rule, cluster, namespace or control; of a cause `CLUSTER/KIND/NAMESPACE/NAME` with `-` for no namespace.
    pub key: String,
    pub label: String,
    pub rule: Option<String>,
    /// The gravest in it.
    #[serde(serialize_with = "severity_id")]
    pub severity: Severity,
    pub findings: u64,
    pub clusters: u64,
    pub subjects: u64,
    pub fixable: u64,
}

/// # Errors
/// The cursor is none of this list, or the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    by: By,
    filter: &Filter,
    cursor: Option<&str>,
    limit: usize,
    titles: Titles<'_>,
) -> Result<Page<Group>, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let resolved = filter.resolve(tx)?;
    let limit = page::bounded(limit);
    let keys = keys(by);
    let mut sql = Sql::new("SELECT severity, findings, clusters, subjects, fixable, ");
    sql.push(&keys.join(", ")).push(" FROM (");
    grouped(&mut sql, by, &visible, &resolved);
    sql.push(") AS groups WHERE findings > 0");
    let order = format!("severity, 0 - findings, {}", keys.join(", "));
    if let Some(cursor) = cursor {
        sql.push(&format!(" AND ({order}) > ("));
        let parts = match by {
            By::Cause => page::texts::<6>(cursor)?.to_vec(),
            _ => page::texts::<3>(cursor)?.to_vec(),
        };
        for (at, part) in parts.into_iter().enumerate() {
            sql.push(if at == 0 { "" } else { ", " });
            if at < 2 || (at == 2 && matches!(by, By::Cause | By::Cluster)) {
                sql.bind(page::number(&part)?);
            } else {
                sql.bind(part);
            }
        }
        sql.push(")");
    }
    sql.push(&format!(" ORDER BY {order} LIMIT ")).bind(limit + 1);
    let found = sql.query(tx, |row| Found::read(row, by))?;
    let page = Page::of(found, limit, Found::cursor);
    let names = cluster_names(tx, by, &page.items)?;
    let items = page.items.into_iter().map(|found| found.shown(by, &names, titles)).collect();
    Ok(Page { items, next: page.next })
}

fn keys(by: By) -> &'static [&'static str] {
    match by {
        By::Rule => &["rule"],
        By::Cause => &["cluster", "namespace", "kind", "name"],
        By::Cluster => &["cluster"],
        By::Namespace => &["namespace"],
        By::Control => &["control"],
    }
}

/// A statement with the columns severity, findings, clusters, subjects, fixable and the keys.
fn grouped(sql: &mut Sql, by: By, visible: &Visible, resolved: &Resolved<'_>) {
    let is_open = resolved.filter.is_of_open();
    let is_whole = visible.is_of_whole_clusters();
    match by {
        By::Rule | By::Cluster | By::Control
            if is_open && is_whole && resolved.fits_rule_count() && resolved.filter.fixable.is_none() =>
        {
            summed(sql, by, "rule_count");
            resolved.counted(sql);
            visible.whole(sql, "f.cluster");
            summed_up(sql, by);
        }
        By::Namespace if is_open && resolved.fits_namespace_count() => {
            summed(sql, by, "namespace_count");
            resolved.clusters(sql);
            sql.one_of("f.severity", resolved.filter.severities.iter().copied());
            sql.one_of("f.namespace", resolved.filter.namespaces.iter().cloned());
            visible.rows(sql, "f.cluster", "f.namespace");
            summed_up(sql, by);
        }
        By::Cause if is_open && is_whole && resolved.fits_root_count() => {
            sql.push("SELECT f.severity, f.open AS findings, 1 AS clusters, f.subjects, f.fixable, ");
            sql.push(&columns(by)).push(" FROM root_count f WHERE 1 = 1");
            resolved.clusters(sql);
            visible.whole(sql, "f.cluster");
        }
        By::Cause => {
            sql.push(
                "SELECT MIN(f.severity) AS severity, COUNT(*) AS findings, 1 AS clusters, \
                 COUNT(DISTINCT f.kind || '/' || f.namespace || '/' || f.name) AS subjects, \
                 CAST(SUM(f.fixable) AS BIGINT) AS fixable, f.cluster, COALESCE(f.cause_namespace, f.namespace) AS namespace, \
                 COALESCE(f.cause_kind, f.kind) AS kind, COALESCE(f.cause_name, f.name) AS name FROM finding f WHERE 1 = 1",
            );
            resolved.all(sql);
            visible.rows(sql, "f.cluster", "f.namespace");
            sql.push(
                " GROUP BY f.cluster, COALESCE(f.cause_namespace, f.namespace), COALESCE(f.cause_kind, f.kind), \
                 COALESCE(f.cause_name, f.name)",
            );
        }
        _ => {
            sql.push(
                "SELECT MIN(f.severity) AS severity, COUNT(*) AS findings, COUNT(DISTINCT f.cluster) AS clusters, \
                 COUNT(DISTINCT f.rule || ' ' || CAST(f.severity AS TEXT) || ' ' || CAST(f.cluster AS TEXT) || ' ' || \
                 f.kind || '/' || f.namespace || '/' || f.name) AS subjects, CAST(SUM(f.fixable) AS BIGINT) AS fixable, ",
            );
            sql.push(&columns(by)).push(" FROM finding f WHERE 1 = 1");
            resolved.all(sql);
            visible.rows(sql, "f.cluster", "f.namespace");
            sql.push(" GROUP BY ").push(&columns(by));
        }
    }
}

/// Begins a statement over a table of counts; [`summed_up`] ends it. First within each cluster: then clusters need not be
/// told apart again.
fn summed(sql: &mut Sql, by: By, table: &str) {
    let keys = keys(by).join(", ");
    sql.push(
        "SELECT MIN(severity) AS severity, CAST(SUM(open) AS BIGINT) AS findings, COUNT(*) AS clusters, \
         CAST(SUM(subjects) AS BIGINT) AS subjects, CAST(SUM(fixable) AS BIGINT) AS fixable, ",
    );
    sql.push(&keys).push(
        " FROM (SELECT MIN(f.severity) AS severity, SUM(f.open) AS open, SUM(f.subjects) AS subjects, \
         SUM(f.fixable) AS fixable, f.cluster AS within, ",
    );
    sql.push(&columns(by)).push(" FROM ").push(table).push(" f WHERE 1 = 1");
}

fn summed_up(sql: &mut Sql, by: By) {
    sql.push(" AND f.open > 0 GROUP BY f.cluster");
    if by != By::Cluster {
        sql.push(", ").push(&columns(by));
    }
    sql.push(") AS each GROUP BY ").push(&keys(by).join(", "));
}

fn columns(by: By) -> String {
    keys(by).iter().map(|key| format!("f.{key}")).collect::<Vec<_>>().join(", ")
}

struct Found {
    severity: Severity,
    findings: u64,
    clusters: u64,
    subjects: u64,
    fixable: u64,
    keys: Vec<String>,
}

impl Found {
    fn read(row: &mut Row, by: By) -> Result<Self, Failure> {
        let (severity, findings, clusters, subjects, fixable) =
            (row.take()?, row.take()?, row.take()?, row.take()?, row.take()?);
        let keys = match by {
            By::Cluster => vec![row.take::<i64>()?.to_string()],
            By::Cause => vec![row.take::<i64>()?.to_string(), row.take()?, row.take()?, row.take()?],
            By::Rule | By::Namespace | By::Control => vec![row.take()?],
        };
        Ok(Self { severity, findings, clusters, subjects, fixable, keys })
    }

    fn cursor(&self) -> String {
        let numbers = [rank(self.severity).to_string(), format!("-{}", self.findings)];
        let parts: Vec<&str> = numbers.iter().chain(&self.keys).map(String::as_str).collect();
        page::cursor(&parts)
    }

    fn shown(self, by: By, names: &[(String, String)], titles: Titles<'_>) -> Group {
        let Self { severity, findings, clusters, subjects, fixable, keys } = self;
        let first = keys.first().cloned().unwrap_or_default();
        let name = || names.iter().find(|(id, _)| *id == first).map(|(_, name)| name.clone()).unwrap_or_default();
        let (key, label) = match (by, keys.as_slice()) {
            (By::Cause, [_, namespace, kind, object]) => {
                let place = if namespace.is_empty() { "-" } else { namespace };
                let shown = if namespace.is_empty() { object.clone() } else { format!("{namespace}/{object}") };
                (format!("{}/{kind}/{place}/{object}", name()), format!("{kind} {shown}"))
            }
            (By::Cluster, _) => (name(), name()),
            (By::Rule, _) => (first.clone(), titles(&first)),
            (By::Control, _) => {
                let title = Control::from_id(&first).map(Control::title);
                (first.clone(), title.map_or_else(|| first.clone(), str::to_owned))
            }
            (By::Namespace | By::Cause, _) => {
                let label = if first.is_empty() { "the cluster itself" } else { &first };
                (first.clone(), label.to_owned())
            }
        };
        let rule = (by == By::Rule).then_some(first);
        Group { key, label, rule, severity, findings, clusters, subjects, fixable }
    }
}

/// Names of clusters by their number.
fn cluster_names(tx: &mut Tx<'_>, by: By, found: &[Found]) -> Result<Vec<(String, String)>, Failure> {
    if !matches!(by, By::Cause | By::Cluster) {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = found.iter().filter_map(|found| found.keys.first()?.parse().ok()).collect();
    let mut sql = Sql::new("SELECT id, name FROM cluster WHERE ");
    sql.ids("id", &ids);
    sql.query(tx, |row| Ok((row.take::<i64>()?.to_string(), row.take()?)))
}
