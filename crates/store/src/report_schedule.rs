//! Reports that are made by the clock, and sent where somebody wants them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::row::Row;
use crate::tx::Tx;
use crate::{audit, bounds, route, secret, values};

/// All turns are at midnight in UTC: each day, each Monday, the first of each month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cron {
    Daily,
    Weekly,
    Monthly,
}

impl Cron {
    const ALL: [Self; 3] = [Self::Daily, Self::Weekly, Self::Monthly];

    fn id(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// The turn that `now` lies in.
    fn turn(self, now: Timestamp) -> Timestamp {
        let today = now.to_zoned_datetime(TimeZone::UTC).date();
        let day = match self {
            Self::Daily => today,
            Self::Weekly => {
                let since = i64::from(today.weekday().to_monday_zero_offset());
                today.saturating_sub(since.days())
            }
            Self::Monthly => today.first_of_month(),
        };
        midnight(day).unwrap_or(now)
    }
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Wanted {
    pub format: String,
    #[serde(default)]
    pub cluster: Option<String>,
    #[serde(default)]
    pub framework: Option<String>,
    pub cron: Cron,
    /// A route's id.
    #[serde(default)]
    pub route: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    pub id: String,
    pub format: String,
    pub cluster: Option<String>,
    pub framework: Option<String>,
    pub cron: Cron,
    pub route: Option<String>,
    pub last_run: Option<Timestamp>,
    pub last_outcome: Option<String>,
}

const COLUMNS: &str = "id, format, cluster, framework, cron, route, last_run, last_outcome";

fn read(row: &mut Row) -> Result<Schedule, Failure> {
    let (id, format, cluster, framework) = (row.take()?, row.take()?, row.take()?, row.take()?);
    let cron: String = row.take()?;
    let cron = Cron::ALL.into_iter().find(|known| known.id() == cron);
    Ok(Schedule {
        id,
        format,
        cluster,
        framework,
        cron: cron.ok_or_else(|| Failure::corrupt("a report has an unknown turn"))?,
        route: row.take()?,
        last_run: row.take()?,
        last_outcome: row.take()?,
    })
}

/// # Errors
/// It is not well formed, or names a route that does not exist.
pub fn create(tx: &mut Tx<'_>, actor: &Actor<'_>, wanted: &Wanted, now: Timestamp) -> Result<Schedule, Failure> {
    bounds::text("format", &wanted.format, 100)?;
    wanted.cluster.as_deref().map_or(Ok(()), |name| bounds::text("cluster", name, 253))?;
    wanted.framework.as_deref().map_or(Ok(()), |id| bounds::text("framework", id, 100))?;
    if let Some(id) = &wanted.route {
        route::get(tx, id)?;
    }
    let made = tx.first(
        &format!(
            "INSERT INTO report_schedule (id, format, cluster, framework, cron, route, due) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING {COLUMNS}"
        ),
        values![
            secret::id("s")?,
            &wanted.format,
            wanted.cluster.as_deref(),
            wanted.framework.as_deref(),
            wanted.cron.id(),
            wanted.route.as_deref(),
            wanted.cron.turn(now),
        ],
        read,
    )?;
    let made = made.ok_or_else(|| Failure::corrupt("the database kept no schedule"))?;
    let detail = serde_json::json!({
        "format": made.format, "cluster": made.cluster, "framework": made.framework, "cron": made.cron, "route": made.route,
    });
    audit::done(tx, now, actor, "schedule.create", &made.id, detail)?;
    Ok(made)
}

/// # Errors
/// The database refuses.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Schedule>, Failure> {
    tx.query(&format!("SELECT {COLUMNS} FROM report_schedule ORDER BY id"), values![], read)
}

/// # Errors
/// There is no such schedule.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor<'_>, id: &str, now: Timestamp) -> Result<(), Failure> {
    if tx.execute("DELETE FROM report_schedule WHERE id = ?1", values![id])? == 0 {
        return Err(Failure::missing(format!("schedule `{}`", id.escape_debug())));
    }
    audit::done(tx, now, actor, "schedule.remove", id, serde_json::Value::Null)
}

/// The schedules whose turn has come since they were made or last ran. Each turn is given to one caller, once; what was
/// missed while the plane was off is made up for once.
///
/// # Errors
/// The database refuses.
pub fn take_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Schedule>, Failure> {
    let mut taken = Vec::new();
    for cron in Cron::ALL {
        taken.extend(tx.query(
            &format!(
                "UPDATE report_schedule SET due = ?1, last_run = ?2, last_outcome = 'running' \
                 WHERE cron = ?3 AND due < ?1 RETURNING {COLUMNS}"
            ),
            values![cron.turn(now), now, cron.id()],
            read,
        )?);
    }
    Ok(taken)
}

/// # Errors
/// The database refuses.
pub fn finished(tx: &mut Tx<'_>, id: &str, outcome: &str) -> Result<(), Failure> {
    let outcome: String = outcome.chars().take(500).collect();
    tx.execute("UPDATE report_schedule SET last_outcome = ?1 WHERE id = ?2", values![outcome, id])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Cron;

    #[test]
    fn turns_begin_at_midnight_in_utc() {
        let now = "2026-05-14T10:20:30Z".parse().unwrap();
        assert_eq!(Cron::Daily.turn(now).to_string(), "2026-05-14T00:00:00Z");
        assert_eq!(Cron::Weekly.turn(now).to_string(), "2026-05-11T00:00:00Z");
        assert_eq!(Cron::Monthly.turn(now).to_string(), "2026-05-01T00:00:00Z");
    }
}
