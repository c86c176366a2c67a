//! One cluster with all that is said of it as a whole.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rampart_report::document::CountsEntry;
use serde::{Deserialize, Serialize};

use super::ClusterBrief;
use crate::control::{self, ControlState, TrendPoint};
use crate::failure::Failure;
use crate::gap::{self, Gap};
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;
use crate::{json, rollup, values};

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    #[serde(flatten)]
    pub brief: ClusterBrief,
    pub uid: Option<String>,
    pub controls: Vec<ControlState>,
    /// Oldest first.
    pub trend: Vec<TrendPoint>,
    pub namespaces: Vec<Namespace>,
    pub gaps: Vec<Gap>,
    pub diagnostics: Vec<Diagnostic>,
    pub kinds: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Namespace {
    pub name: String,
    pub score: Option<u8>,
    pub complete: bool,
    /// `met`, `missing` or `unknown`, by part of the baseline.
    pub parts: BTreeMap<String, String>,
    pub counts: CountsEntry,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub source: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub lost: bool,
}

/// # Errors
/// There is no such cluster in the scope, or the database fails.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, name: &str, now: Timestamp) -> Result<Cluster, Failure> {
    let brief = super::brief(tx, scope, name, now)?;
    let visible = Visible::resolve(tx, scope)?;
    let id = brief.id;
    let is_whole = visible.sees_whole(id);
    let namespaces = namespaces(tx, &visible, id)?;
    let mut cluster = Cluster {
        uid: brief.uid.clone().filter(|_| is_whole),
        brief,
        controls: Vec::new(),
        trend: Vec::new(),
        namespaces,
        gaps: Vec::new(),
        diagnostics: Vec::new(),
        kinds: BTreeMap::new(),
    };
    if !is_whole {
        cluster.controls = control::in_part(tx, &visible, Some(id))?;
        return Ok(cluster);
    }
    cluster.controls = control::of_cluster(tx, id)?;
    cluster.trend = trend(tx, id, now)?;
    cluster.gaps = gap::of_cluster(tx, id, name)?;
    let texts = tx.first("SELECT diagnostics, kinds FROM cluster WHERE id = ?1", values![id], |row| {
        Ok((row.take::<String>()?, row.take::<String>()?))
    })?;
    if let Some((diagnostics, kinds)) = texts {
        cluster.diagnostics = json::read(&diagnostics)?;
        cluster.kinds = json::read(&kinds)?;
    }
    Ok(cluster)
}

fn namespaces(tx: &mut Tx<'_>, visible: &Visible, cluster: i64) -> Result<Vec<Namespace>, Failure> {
    let mut sql =
        Sql::new("SELECT n.namespace, n.severity, n.open FROM namespace_count n WHERE n.open > 0 AND n.cluster = ");
    sql.bind(cluster);
    visible.rows(&mut sql, "n.cluster", "n.namespace");
    let mut counts: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (name, severity, open) in
        sql.query(tx, |row| Ok((row.take::<String>()?, row.take::<rampart_model::Severity>()?, row.take::<u64>()?)))?
    {
        counts.entry(name).or_default().push((severity, open));
    }
    let mut sql = Sql::new("SELECT n.name, n.score, n.complete, n.parts FROM namespace n WHERE n.cluster = ");
    sql.bind(cluster);
    visible.rows(&mut sql, "n.cluster", "n.name");
    sql.push(" ORDER BY n.name");
    sql.query(tx, |row| {
        let name: String = row.take()?;
        Ok(Namespace {
            counts: super::tally(counts.remove(&name).unwrap_or_default()),
            name,
            score: row.take()?,
            complete: row.take()?,
            parts: json::read(&row.take::<String>()?)?,
        })
    })
}

/// Thirty days; a day on which nothing changed stands as the one before.
fn trend(tx: &mut Tx<'_>, cluster: i64, now: Timestamp) -> Result<Vec<TrendPoint>, Failure> {
    let since = rollup::day_of(now.saturating_sub(SignedDuration::from_hours(24 * 29)).unwrap_or(now));
    let sql = "SELECT day, CAST(SUM(score) AS BIGINT) / NULLIF(COUNT(score), 0), CAST(SUM(open) AS BIGINT) FROM rollup_day \
         WHERE cluster = ?1 AND day >= ?2 GROUP BY day ORDER BY day";
    tx.query(sql, values![cluster, since.to_string()], |row| {
        Ok(TrendPoint { day: row.take()?, score: row.take()?, open: row.take()? })
    })
}
