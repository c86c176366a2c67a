//! The days: how each control of each cluster stood at the end of it, and the fleet as a whole.
//!
//! A cluster writes its own day when it changes. Once a day [`close`] gives a day to those that did not change, and sums
//! the fleet up, so that a trend reads a row for each day and control.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::failure::Failure;
use crate::tx::Tx;
use crate::values;

pub(crate) fn day_of(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}

const COPY: &str = "INSERT INTO rollup_day (cluster, day, control, verdict, score, coverage, open) \
     SELECT cluster, ?1, control, verdict, score, coverage, critical + high + medium + low + info FROM control_state \
     WHERE ";

/// Brings the day of a cluster up to its controls.
pub(crate) fn today(tx: &mut Tx<'_>, cluster: i64, now: Timestamp) -> Result<u64, Failure> {
    let sql = format!(
        "{COPY} cluster = ?2 ON CONFLICT (cluster, day, control) DO UPDATE SET verdict = excluded.verdict, \
         score = excluded.score, coverage = excluded.coverage, open = excluded.open \
         WHERE rollup_day.verdict <> excluded.verdict OR rollup_day.score IS DISTINCT FROM excluded.score \
         OR rollup_day.coverage <> excluded.coverage OR rollup_day.open <> excluded.open"
    );
    tx.execute(&sql, values![day_of(now).to_string(), cluster])
}

/// Gives today to every cluster that has none, and sums up the fleet. May be called as often as one likes.
///
/// # Errors
/// The database refuses.
pub fn close(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Failure> {
    let day = day_of(now).to_string();
    let sql = format!("{COPY} cluster NOT IN (SELECT cluster FROM rollup_day WHERE day = ?1) ON CONFLICT DO NOTHING");
    let filled = tx.execute(&sql, values![&day])?;
    let summed = tx.execute(
        "INSERT INTO rollup_fleet (day, control, score, open) \
         SELECT day, control, CAST(SUM(score) AS BIGINT) / NULLIF(COUNT(score), 0), CAST(SUM(open) AS BIGINT) FROM rollup_day WHERE day = ?1 \
         GROUP BY day, control ON CONFLICT (day, control) DO UPDATE SET score = excluded.score, open = excluded.open \
         WHERE rollup_fleet.score IS DISTINCT FROM excluded.score OR rollup_fleet.open <> excluded.open",
        values![&day],
    )?;
    Ok(filled + summed)
}
