//! The fifteen controls: of one cluster, and as a whole.

use rampart_model::{Control, Severity, Verdict};
use rampart_report::document::CountsEntry;
use serde::Serialize;

use crate::cluster::{self, tally};
use crate::failure::Failure;
use crate::grade::{control_id, verdict_id};
use crate::row::Row;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::values;
use crate::visible::Visible;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlState {
    #[serde(serialize_with = "control_id")]
    pub id: Control,
    pub title: &'static str,
    pub layer: &'static str,
    pub phase: &'static str,
    #[serde(serialize_with = "verdict_id")]
    pub verdict: Verdict,
    pub score: Option<u8>,
    pub coverage: u8,
    pub examined: u64,
    pub counts: CountsEntry,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrendPoint {
    /// `YYYY-MM-DD`.
    pub day: String,
    pub score: Option<u8>,
    pub open: u64,
}

impl ControlState {
    /// Nothing is known of it yet.
    pub(crate) fn unknown(id: Control) -> Self {
        Self {
            id,
            title: id.title(),
            layer: id.layer().id(),
            phase: id.phase().id(),
            verdict: Verdict::Unknown,
            score: None,
            coverage: 0,
            examined: 0,
            counts: CountsEntry::default(),
        }
    }

    pub(crate) fn read(row: &mut Row) -> Result<Self, Failure> {
        Ok(Self {
            verdict: row.take()?,
            score: row.take()?,
            coverage: row.take()?,
            examined: row.take()?,
            counts: cluster::counts(row)?,
            ..Self::unknown(row.take()?)
        })
    }
}

/// The columns that [`ControlState::read`] takes.
pub(crate) const COLUMNS: &str =
    "s.verdict, s.score, s.coverage, s.examined, s.critical, s.high, s.medium, s.low, s.info, s.control";

/// All fifteen, in the order of the checklist; none where the cluster was never evaluated.
pub(crate) fn of_cluster(tx: &mut Tx<'_>, cluster: i64) -> Result<Vec<ControlState>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM control_state s WHERE s.cluster = ?1");
    let found = tx.query(&sql, values![cluster], ControlState::read)?;
    if found.is_empty() {
        return Ok(found);
    }
    Ok(in_order(found))
}

pub(crate) fn in_order(found: Vec<ControlState>) -> Vec<ControlState> {
    let of = |id| found.iter().find(|state| state.id == id).cloned().unwrap_or_else(|| ControlState::unknown(id));
    Control::ALL.into_iter().map(of).collect()
}

/// As far as namespaces show it: open findings make it fail, and nothing makes it pass, for most could not be seen.
pub(crate) fn in_part(tx: &mut Tx<'_>, visible: &Visible, cluster: Option<i64>) -> Result<Vec<ControlState>, Failure> {
    let mut sql = Sql::new("SELECT f.control, f.severity, CAST(SUM(f.open) AS BIGINT) FROM place_count f WHERE 1 = 1");
    if let Some(cluster) = cluster {
        sql.push(" AND f.cluster = ").bind(cluster);
    }
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    sql.push(" GROUP BY f.control, f.severity");
    let sums = sql.query(tx, |row| Ok((row.take::<Control>()?, row.take::<Severity>()?, row.take::<u64>()?)))?;
    let of = |id: Control| {
        let counts = tally(sums.iter().filter(|sum| sum.0 == id).map(|sum| (sum.1, sum.2)));
        let fails = counts.critical + counts.high + counts.medium + counts.low > 0;
        let verdict = if fails { Verdict::Fail } else { Verdict::Unknown };
        ControlState { verdict, counts, ..ControlState::unknown(id) }
    };
    Ok(Control::ALL.into_iter().map(of).collect())
}
