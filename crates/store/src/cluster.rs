//! The clusters that the plane knows: where each is read from, and how it fares.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rampart_report::document::CountsEntry;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::page::{self, Page};
use crate::row::Row;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::values;
use crate::visible::Visible;

pub mod detail;

/// A cluster of which nothing was heard for so long is late.
pub const LATE_AFTER: SignedDuration = SignedDuration::from_mins(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Folder,
    Context,
    Agent,
}

impl Source {
    pub fn id(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Context => "context",
            Self::Agent => "agent",
        }
    }

    fn read(id: &str) -> Result<Self, Failure> {
        [Self::Folder, Self::Context, Self::Agent]
            .into_iter()
            .find(|source| source.id() == id)
            .ok_or_else(|| Failure::corrupt("a stored source of a cluster is none: restore the database from a backup"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Up,
    /// Nothing was heard of it for a while.
    Late,
    /// Nothing was ever heard of it.
    Never,
    /// The last attempt to read it failed.
    Failed,
}

impl Health {
    pub fn id(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Late => "late",
            Self::Never => "never",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn of(last_seen: Option<Timestamp>, problem: Option<&str>, now: Timestamp) -> Self {
        match (problem, last_seen) {
            (Some(_), _) => Self::Failed,
            (None, None) => Self::Never,
            (None, Some(seen)) if now.duration_since(seen) > LATE_AFTER => Self::Late,
            (None, Some(_)) => Self::Up,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterBrief {
    #[serde(skip)]
    pub id: i64,
    pub name: String,
    pub source: Source,
    /// Which folder, context or agent.
    pub detail: String,
    pub state: Health,
    pub problem: Option<String>,
    pub last_seen: Option<Timestamp>,
    pub last_evaluation: Option<Timestamp>,
    pub version: Option<String>,
    pub objects: u64,
    pub score: Option<u8>,
    pub coverage: u8,
    pub counts: CountsEntry,
    #[serde(skip)]
    pub uid: Option<String>,
}

const COLUMNS: &str = "c.id, c.name, c.source, c.detail, c.problem, c.last_seen, c.last_evaluation, c.version, c.objects, \
     c.score, c.coverage, c.critical, c.high, c.medium, c.low, c.info, c.uid";

impl ClusterBrief {
    fn read(row: &mut Row, now: Timestamp) -> Result<Self, Failure> {
        let mut brief = Self {
            id: row.take()?,
            name: row.take()?,
            source: Source::read(&row.take::<String>()?)?,
            detail: row.take()?,
            state: Health::Never,
            problem: row.take()?,
            last_seen: row.take()?,
            last_evaluation: row.take()?,
            version: row.take()?,
            objects: row.take()?,
            score: row.take()?,
            coverage: row.take()?,
            counts: counts(row)?,
            uid: row.take()?,
        };
        brief.state = Health::of(brief.last_seen, brief.problem.as_deref(), now);
        Ok(brief)
    }

    /// A cluster that is seen in part: what is said of it as a whole is left out.
    fn in_part(mut self, counts: CountsEntry) -> Self {
        self.counts = counts;
        self.score = None;
        self.coverage = 0;
        self.objects = 0;
        self.problem = None;
        self
    }
}

pub(crate) fn counts(row: &mut Row) -> Result<CountsEntry, Failure> {
    Ok(CountsEntry {
        critical: row.take()?,
        high: row.take()?,
        medium: row.take()?,
        low: row.take()?,
        info: row.take()?,
    })
}

/// Makes the cluster known, or sets where it is read from. Returns its id.
///
/// # Errors
/// The name is empty or too long, or the database fails.
pub fn ensure(tx: &mut Tx<'_>, name: &str, source: Source, detail: &str, now: Timestamp) -> Result<i64, Failure> {
    check_name(name)?;
    let known = tx.first("SELECT id, source, detail FROM cluster WHERE name = ?1", values![name], |row| {
        Ok((row.take::<i64>()?, row.take::<String>()?, row.take::<String>()?))
    })?;
    match known {
        Some((id, known_source, known_detail)) if known_source == source.id() && known_detail == detail => Ok(id),
        _ => {
            let sql = "INSERT INTO cluster (name, source, detail, created) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (name) DO UPDATE SET source = excluded.source, detail = excluded.detail RETURNING id";
            let id = tx.first(sql, values![name, source.id(), detail, now], |row| row.take())?;
            id.ok_or_else(|| Failure::other("the database did not say which number a new cluster has"))
        }
    }
}

fn check_name(name: &str) -> Result<(), Failure> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    let well_formed = !name.is_empty() && name.len() <= 100 && name.chars().all(fits);
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    if well_formed && starts_well {
        return Ok(());
    }
    Err(Failure::invalid(
        "name",
        format!("`{}` is no name of a cluster: use 1 to 100 letters, digits, `-`, `.` and `_`", name.escape_debug()),
    ))
}

/// # Errors
/// The database fails.
pub fn id_of(tx: &mut Tx<'_>, name: &str) -> Result<Option<i64>, Failure> {
    tx.first("SELECT id FROM cluster WHERE name = ?1", values![name], |row| row.take())
}

/// Where the cluster of this name is read from, and whether anything was ever heard of it.
///
/// # Errors
/// The database fails.
pub fn source_of(tx: &mut Tx<'_>, name: &str) -> Result<Option<(Source, bool)>, Failure> {
    tx.first("SELECT source, last_seen FROM cluster WHERE name = ?1", values![name], |row| {
        Ok((Source::read(&row.take::<String>()?)?, row.take::<Option<Timestamp>>()?.is_some()))
    })
}

/// Binds the cluster to the uid of its `kube-system`.
///
/// # Errors
/// It is bound to another one, or the database fails.
pub fn bind(tx: &mut Tx<'_>, id: i64, uid: &str) -> Result<(), Failure> {
    let bound: Option<Option<String>> =
        tx.first("SELECT uid FROM cluster WHERE id = ?1", values![id], |row| row.take())?;
    match bound {
        None => Err(Failure::missing("such cluster")),
        Some(Some(bound)) if bound == uid => Ok(()),
        Some(Some(_)) => Err(Failure::conflict("this name belongs to another cluster: choose another name")),
        Some(None) => tx.execute("UPDATE cluster SET uid = ?2 WHERE id = ?1", values![id, uid]).map(drop),
    }
}

/// Notes when clusters were heard of, many at once: a caller collects and tells about once a minute.
///
/// # Errors
/// The database fails.
pub fn seen(tx: &mut Tx<'_>, clusters: &[(i64, Timestamp)]) -> Result<u64, Failure> {
    let mut sorted = clusters.to_vec();
    // Two that tell at once lock rows in the same order.
    sorted.sort_unstable();
    let mut written = 0;
    for (id, at) in sorted {
        written += tx.execute(
            "UPDATE cluster SET last_seen = ?2, problem = NULL WHERE id = ?1 AND (last_seen IS NULL OR last_seen < ?2)",
            values![id, at],
        )?;
    }
    Ok(written)
}

/// Notes why the cluster cannot be read.
///
/// # Errors
/// The database fails.
pub fn failed(tx: &mut Tx<'_>, id: i64, problem: &str) -> Result<u64, Failure> {
    tx.execute(
        "UPDATE cluster SET problem = ?2 WHERE id = ?1 AND problem IS DISTINCT FROM ?3",
        values![id, problem, problem],
    )
}

/// Forgets the cluster and all that is known of it.
///
/// # Errors
/// There is no such cluster, or the database fails.
pub fn remove(tx: &mut Tx<'_>, name: &str) -> Result<(), Failure> {
    let id = id_of(tx, name)?.ok_or_else(|| Failure::missing(format!("cluster `{}`", name.escape_debug())))?;
    tx.lock(&format!("cluster {id}"))?;
    for table in [
        "batch",
        "bucket",
        "finding",
        "blob",
        "drift",
        "control_state",
        "rule_state",
        "rule_count",
        "namespace_count",
        "place_count",
        "root_count",
        "rollup_day",
        "gap",
        "namespace",
    ] {
        tx.execute(&format!("DELETE FROM {table} WHERE cluster = ?1"), values![id])?;
    }
    crate::agent::forget_cluster(tx, id)?;
    tx.execute("DELETE FROM cluster WHERE id = ?1", values![id]).map(drop)
}

/// By name.
///
/// # Errors
/// The cursor is none of this list, or the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    cursor: Option<&str>,
    limit: usize,
    now: Timestamp,
) -> Result<Page<ClusterBrief>, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let limit = page::bounded(limit);
    let mut sql = Sql::new(&format!("SELECT {COLUMNS} FROM cluster c WHERE 1 = 1"));
    visible.some(&mut sql, "c.id");
    if let Some(cursor) = cursor {
        sql.push(" AND c.name > ").bind(page::texts::<1>(cursor)?.concat());
    }
    sql.push(" ORDER BY c.name LIMIT ").bind(limit + 1);
    let found = sql.query(tx, |row| ClusterBrief::read(row, now))?;
    let found = as_seen(tx, &visible, found)?;
    Ok(Page::of(found, limit, |brief| page::cursor(&[&brief.name])))
}

/// All that are seen, by name.
///
/// # Errors
/// The database fails.
pub fn all(tx: &mut Tx<'_>, scope: &Scope, now: Timestamp) -> Result<Vec<ClusterBrief>, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let mut sql = Sql::new(&format!("SELECT {COLUMNS} FROM cluster c WHERE 1 = 1"));
    visible.some(&mut sql, "c.id");
    sql.push(" ORDER BY c.name");
    let found = sql.query(tx, |row| ClusterBrief::read(row, now))?;
    as_seen(tx, &visible, found)
}

/// Of clusters that are seen in part, what is said of them as a whole is left out.
fn as_seen(tx: &mut Tx<'_>, visible: &Visible, found: Vec<ClusterBrief>) -> Result<Vec<ClusterBrief>, Failure> {
    if visible.is_of_whole_clusters() {
        return Ok(found);
    }
    let ids: Vec<i64> = found.iter().map(|brief| brief.id).filter(|id| !visible.sees_whole(*id)).collect();
    let mut sql = Sql::new("SELECT n.cluster, n.severity, CAST(SUM(n.open) AS BIGINT) FROM namespace_count n WHERE ");
    sql.ids("n.cluster", &ids);
    visible.rows(&mut sql, "n.cluster", "n.namespace");
    sql.push(" GROUP BY n.cluster, n.severity");
    let mut sums: BTreeMap<i64, Vec<_>> = BTreeMap::new();
    for (cluster, severity, open) in sql.query(tx, |row| Ok((row.take()?, row.take()?, row.take()?)))? {
        sums.entry(cluster).or_default().push((severity, open));
    }
    let seen = |brief: ClusterBrief| {
        let counts = tally(sums.remove(&brief.id).unwrap_or_default());
        if visible.sees_whole(brief.id) { brief } else { brief.in_part(counts) }
    };
    Ok(found.into_iter().map(seen).collect())
}

/// # Errors
/// There is no such cluster in the scope, or the database fails.
pub fn brief(tx: &mut Tx<'_>, scope: &Scope, name: &str, now: Timestamp) -> Result<ClusterBrief, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let mut sql = Sql::new(&format!("SELECT {COLUMNS} FROM cluster c WHERE c.name = "));
    sql.bind(name.to_owned());
    visible.some(&mut sql, "c.id");
    let found = sql.first(tx, |row| ClusterBrief::read(row, now))?;
    let found = as_seen(tx, &visible, found.into_iter().collect())?.pop();
    found.ok_or_else(|| Failure::missing(format!("cluster `{}`", name.escape_debug())))
}

pub(crate) fn tally(sums: impl IntoIterator<Item = (rampart_model::Severity, u64)>) -> CountsEntry {
    use rampart_model::Severity;
    let mut counts = CountsEntry::default();
    for (severity, count) in sums {
        *match severity {
            Severity::Critical => &mut counts.critical,
            Severity::High => &mut counts.high,
            Severity::Medium => &mut counts.medium,
            Severity::Low => &mut counts.low,
            Severity::Info => &mut counts.info,
        } += count;
    }
    counts
}

pub(crate) fn add(sum: &mut CountsEntry, more: CountsEntry) {
    let CountsEntry { critical, high, medium, low, info } = more;
    sum.critical += critical;
    sum.high += high;
    sum.medium += medium;
    sum.low += low;
    sum.info += info;
}
