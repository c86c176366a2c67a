//! The home page in one answer: where the fleet stands, what to fix first, what is new, what is due.
//!
//! Where whole clusters are seen it is read from counts that ingest keeps, never from findings, however many there are. A
//! scope of single namespaces has no score and no trend, for those are of clusters.

use jiff::Timestamp;
use rampart_model::{Control, Verdict};
use rampart_report::document::CountsEntry;
use serde::Serialize;

use crate::cluster::{self, ClusterBrief, Health};
use crate::control::{self, ControlState, TrendPoint};
use crate::failure::Failure;
use crate::finding::Titles;
use crate::history::{self, Change};
use crate::rollup;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

pub mod deadline;
pub mod fix_first;
mod trend;

pub use deadline::Deadline;
pub use fix_first::FixFirst;

const CHANGES: usize = 20;
const AGENTS: usize = 50;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    pub as_of: Timestamp,
    pub score: Option<u8>,
    pub coverage: u8,
    pub counts: CountsEntry,
    pub clusters: ClusterTotals,
    pub controls: Vec<FleetControl>,
    pub fix_first: Vec<FixFirst>,
    /// The newest first.
    pub changes: Vec<Change>,
    /// The nearest first.
    pub deadlines: Vec<Deadline>,
    /// Those in trouble first.
    pub agents: Vec<ClusterBrief>,
}

/// A cluster that failed counts as late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ClusterTotals {
    pub total: u64,
    pub up: u64,
    pub late: u64,
    pub never: u64,
}

/// A control over all clusters that are seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FleetControl {
    #[serde(flatten)]
    pub state: ControlState,
    pub clusters: Verdicts,
    /// Thirty days, oldest first.
    pub trend: Vec<TrendPoint>,
}

/// Clusters by what the control says of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Verdicts {
    pub pass: u64,
    pub fail: u64,
    pub unknown: u64,
}

/// # Errors
/// The database fails.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, now: Timestamp, titles: Titles<'_>) -> Result<Overview, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let mut briefs = cluster::all(tx, scope, now)?;
    let controls = if visible.is_of_whole_clusters() {
        whole(tx, &visible, briefs.len() as u64, now)?
    } else {
        in_part(tx, &visible, briefs.len() as u64)?
    };
    let mut counts = CountsEntry::default();
    for control in &controls {
        cluster::add(&mut counts, control.state.counts);
    }
    let scores: Vec<u64> = briefs.iter().filter_map(|brief| brief.score).map(u64::from).collect();
    let coverage: u64 = briefs.iter().map(|brief| u64::from(brief.coverage)).sum();
    let clusters = totals(&briefs);
    let (score, coverage) =
        (mean(scores.iter().sum(), scores.len() as u64), mean(coverage, clusters.total).unwrap_or(0));
    // When something was heard last: the same answer as long as nothing is.
    let as_of = briefs.iter().filter_map(|brief| brief.last_seen).max().unwrap_or(now);
    briefs.sort_by(|one, two| (order(one.state), &one.name).cmp(&(order(two.state), &two.name)));
    briefs.truncate(AGENTS);
    Ok(Overview {
        as_of,
        score,
        coverage,
        counts,
        clusters,
        controls,
        fix_first: fix_first::list(tx, &visible, titles)?,
        changes: history::newest(tx, &visible, CHANGES, titles)?,
        deadlines: deadline::list(tx, scope, &visible, now)?,
        agents: briefs,
    })
}

fn order(health: Health) -> u8 {
    match health {
        Health::Failed => 0,
        Health::Late => 1,
        Health::Never => 2,
        Health::Up => 3,
    }
}

fn totals(briefs: &[ClusterBrief]) -> ClusterTotals {
    let mut totals = ClusterTotals { total: briefs.len() as u64, ..ClusterTotals::default() };
    for brief in briefs {
        *match brief.state {
            Health::Up => &mut totals.up,
            Health::Late | Health::Failed => &mut totals.late,
            Health::Never => &mut totals.never,
        } += 1;
    }
    totals
}

fn mean(sum: u64, count: u64) -> Option<u8> {
    sum.checked_div(count).and_then(|mean| u8::try_from(mean).ok())
}

/// From the state of each control of each cluster.
fn whole(tx: &mut Tx<'_>, visible: &Visible, clusters: u64, now: Timestamp) -> Result<Vec<FleetControl>, Failure> {
    let mut sql = Sql::new(
        "SELECT s.control, CAST(SUM(CASE s.verdict WHEN 'pass' THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE s.verdict WHEN 'fail' THEN 1 ELSE 0 END) AS BIGINT), CAST(COALESCE(SUM(s.score), 0) AS BIGINT), \
         COUNT(s.score), CAST(SUM(s.coverage) AS BIGINT), CAST(SUM(s.examined) AS BIGINT), \
         CAST(SUM(s.critical) AS BIGINT), CAST(SUM(s.high) AS BIGINT), CAST(SUM(s.medium) AS BIGINT), \
         CAST(SUM(s.low) AS BIGINT), CAST(SUM(s.info) AS BIGINT) FROM control_state s WHERE 1 = 1",
    );
    visible.whole(&mut sql, "s.cluster");
    sql.push(" GROUP BY s.control");
    let sums = sql.query(tx, |row| {
        let id: Control = row.take()?;
        let (pass, fail, score, scored, coverage): (u64, u64, u64, u64, u64) =
            (row.take()?, row.take()?, row.take()?, row.take()?, row.take()?);
        let unknown = clusters.saturating_sub(pass + fail);
        let state = ControlState {
            verdict: verdict(pass, fail, unknown),
            score: mean(score, scored),
            coverage: mean(coverage, clusters).unwrap_or(0),
            examined: row.take()?,
            counts: cluster::counts(row)?,
            ..ControlState::unknown(id)
        };
        Ok(FleetControl { state, clusters: Verdicts { pass, fail, unknown }, trend: Vec::new() })
    })?;
    let mut controls: Vec<FleetControl> = Control::ALL
        .into_iter()
        .map(|id| {
            let nothing = || FleetControl {
                state: ControlState::unknown(id),
                clusters: Verdicts { unknown: clusters, ..Verdicts::default() },
                trend: Vec::new(),
            };
            sums.iter().find(|control| control.state.id == id).cloned().unwrap_or_else(nothing)
        })
        .collect();
    trend::fill(tx, visible, &mut controls, rollup::day_of(now))?;
    Ok(controls)
}

fn verdict(pass: u64, fail: u64, unknown: u64) -> Verdict {
    match (pass, fail, unknown) {
        (_, 1.., _) => Verdict::Fail,
        (1.., 0, 0) => Verdict::Pass,
        _ => Verdict::Unknown,
    }
}

/// From the findings that are seen.
fn in_part(tx: &mut Tx<'_>, visible: &Visible, clusters: u64) -> Result<Vec<FleetControl>, Failure> {
    let mut sql = Sql::new("SELECT f.control, COUNT(DISTINCT f.cluster) FROM place_count f WHERE f.severity < 4");
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    sql.push(" GROUP BY f.control");
    let failing = sql.query(tx, |row| Ok((row.take::<Control>()?, row.take::<u64>()?)))?;
    let control = |state: ControlState| {
        let fail = failing.iter().find(|(id, _)| *id == state.id).map_or(0, |(_, count)| *count);
        let clusters = Verdicts { pass: 0, fail, unknown: clusters.saturating_sub(fail) };
        FleetControl { state, clusters, trend: Vec::new() }
    };
    Ok(control::in_part(tx, visible, None)?.into_iter().map(control).collect())
}
