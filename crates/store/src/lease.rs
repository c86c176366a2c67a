//! Which replica does what only one may do, and which has its turn by the clock.
//!
//! A row with an end, not a lock that a connection holds: it works alike on both databases, does not bind a connection
//! of the pool for as long as a replica leads, and a replica that was killed or cut off loses the lead by waiting, where
//! a half-open connection would keep it. Its price: for the length of the lease nobody leads. What a leader does is
//! idempotent, so that a clock that is off does no harm beyond doing it twice.

use jiff::{SignedDuration, Timestamp};

use crate::failure::Failure;
use crate::tx::Tx;
use crate::values;

/// True where `holder` leads from now on for `lease`; ask again well before it ends.
///
/// # Errors
/// The database refuses.
pub fn try_lead(
    tx: &mut Tx<'_>,
    name: &str,
    holder: &str,
    lease: SignedDuration,
    now: Timestamp,
) -> Result<bool, Failure> {
    let written = tx.execute(
        "INSERT INTO lease (name, holder, until) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE \
         SET holder = excluded.holder, until = excluded.until WHERE lease.holder = excluded.holder OR lease.until <= ?4",
        values![name, holder, now.saturating_add(lease).unwrap_or(now), now],
    )?;
    Ok(written > 0)
}

/// Who leads; none where nobody does.
///
/// # Errors
/// The database refuses.
pub fn leader(tx: &mut Tx<'_>, name: &str, now: Timestamp) -> Result<Option<String>, Failure> {
    tx.first("SELECT holder FROM lease WHERE name = ?1 AND until > ?2", values![name, now], |row| row.take())
}

/// Lets another one lead at once, when this one stops in peace.
///
/// # Errors
/// The database refuses.
pub fn resign(tx: &mut Tx<'_>, name: &str, holder: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM lease WHERE name = ?1 AND holder = ?2", values![name, holder])?;
    Ok(())
}

/// Says that a replica is there, for `lease`. Returns how many are.
///
/// # Errors
/// The database refuses.
pub fn present(tx: &mut Tx<'_>, holder: &str, lease: SignedDuration, now: Timestamp) -> Result<u64, Failure> {
    try_lead(tx, &format!("replica {holder}"), holder, lease, now)?;
    // As long after its end as nobody would wait for it.
    let long_gone = now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(now);
    tx.execute("DELETE FROM lease WHERE name LIKE 'replica %' AND until <= ?1", values![long_gone])?;
    let sql = "SELECT COUNT(*) FROM lease WHERE name LIKE 'replica %' AND until > ?1";
    Ok(tx.first(sql, values![now], |row| row.take())?.unwrap_or_default())
}

/// True for the one replica that takes this turn: at most one within `every`, whoever asks how often.
///
/// # Errors
/// The database refuses.
pub fn take_turn(tx: &mut Tx<'_>, name: &str, every: SignedDuration, now: Timestamp) -> Result<bool, Failure> {
    let written = tx.execute(
        "INSERT INTO schedule (name, last_run) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE \
         SET last_run = excluded.last_run WHERE schedule.last_run <= ?3",
        values![name, now, now.saturating_sub(every).unwrap_or(now)],
    )?;
    Ok(written > 0)
}
