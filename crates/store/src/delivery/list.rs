//! The deliveries that people see, and sending one again.

use jiff::Timestamp;

use crate::actor::Actor;
use crate::delivery::{Delivery, State};
use crate::failure::Failure;
use crate::page::{self, Page};
use crate::row::Row;
use crate::tx::Tx;
use crate::{audit, values};

fn read(row: &mut Row) -> Result<Delivery, Failure> {
    let (id, route, at) = (row.take()?, row.take()?, row.take()?);
    let state = State::read(&row.take::<String>()?)?;
    let (attempts, next): (_, Option<Timestamp>) = (row.take()?, row.take()?);
    Ok(Delivery {
        id,
        route,
        at,
        state,
        attempts,
        next_attempt: next.filter(|_| state == State::Pending),
        problem: row.take()?,
        summary: row.take()?,
    })
}

/// The newest first. For administrators: a delivery may speak of any cluster.
///
/// # Errors
/// The database refuses, or the cursor is none.
pub fn list(
    tx: &mut Tx<'_>,
    state: Option<State>,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Delivery>, Failure> {
    let (at, id) = match after {
        None => (i64::MAX, String::new()),
        Some(cursor) => {
            let (at, id) = cursor.split_once('.').ok_or_else(page::bad_cursor)?;
            (at.parse().map_err(|_| page::bad_cursor())?, id.to_owned())
        }
    };
    let also = if state == Some(State::Pending) { Some("sending") } else { None };
    let found = tx.query(
        "SELECT id, route, at, state, attempts, next_attempt, problem, summary FROM delivery \
         WHERE (at < ?1 OR (at = ?1 AND id > ?2)) AND (state = ?3 OR state = ?4 OR ?3 IS NULL) \
         ORDER BY at DESC, id LIMIT ?5",
        values![at, id, state.map(State::id), also, limit.saturating_add(1)],
        read,
    )?;
    Ok(Page::of(found, limit, |delivery| format!("{}.{}", delivery.at.as_microsecond(), delivery.id)))
}

/// How many there are in a state, for metrics.
///
/// # Errors
/// The database refuses.
pub fn count(tx: &mut Tx<'_>, state: State) -> Result<u64, Failure> {
    let also = if state == State::Pending { "sending" } else { state.id() };
    let sql = "SELECT COUNT(*) FROM delivery WHERE state = ?1 OR state = ?2";
    Ok(tx.first(sql, values![state.id(), also], |row| row.take())?.unwrap_or_default())
}

/// Sends a dead letter once more.
///
/// # Errors
/// There is no such dead letter.
pub fn retry(tx: &mut Tx<'_>, actor: &Actor<'_>, id: &str, now: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE delivery SET state = 'pending', attempts = 0, next_attempt = ?1 WHERE id = ?2 AND state = 'dead'";
    if tx.execute(sql, values![now, id])? == 0 {
        return Err(Failure::missing(format!("dead delivery `{}`", id.escape_debug())));
    }
    audit::done(tx, now, actor, "delivery.retry", id, serde_json::Value::Null)
}

/// Forgets what was sent or given up before `before`.
///
/// # Errors
/// The database refuses.
pub fn prune(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, Failure> {
    tx.execute("DELETE FROM delivery WHERE state IN ('sent', 'dead') AND at < ?1", values![before])
}
