//! Thirty days of each control.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rampart_model::Control;

use super::FleetControl;
use crate::control::TrendPoint;
use crate::failure::Failure;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

const DAYS: i32 = 30;

/// The days before today as they were closed, and today as it is now.
pub(super) fn fill(
    tx: &mut Tx<'_>,
    visible: &Visible,
    controls: &mut [FleetControl],
    today: Date,
) -> Result<(), Failure> {
    let since = today.saturating_sub(jiff::Span::new().days(DAYS - 1));
    let mut sql = if visible.is_everything() {
        Sql::new("SELECT day, control, score, open FROM rollup_fleet r WHERE 1 = 1")
    } else {
        Sql::new(
            "SELECT day, control, CAST(SUM(score) AS BIGINT) / NULLIF(COUNT(score), 0), CAST(SUM(open) AS BIGINT) \
             FROM rollup_day r WHERE 1 = 1",
        )
    };
    sql.push(" AND r.day >= ").bind(since.to_string()).push(" AND r.day < ").bind(today.to_string());
    if !visible.is_everything() {
        visible.whole(&mut sql, "r.cluster");
        sql.push(" GROUP BY day, control");
    }
    sql.push(" ORDER BY day");
    let mut points: BTreeMap<Control, Vec<TrendPoint>> = BTreeMap::new();
    for (day, control, score, open) in sql.query(tx, |row| {
        Ok((row.take::<String>()?, row.take::<Control>()?, row.take::<Option<u8>>()?, row.take::<u64>()?))
    })? {
        points.entry(control).or_default().push(TrendPoint { day, score, open });
    }
    for control in controls {
        let counts = control.state.counts;
        let open = counts.critical + counts.high + counts.medium + counts.low + counts.info;
        control.trend = points.remove(&control.state.id).unwrap_or_default();
        control.trend.push(TrendPoint { day: today.to_string(), score: control.state.score, open });
    }
    Ok(())
}
