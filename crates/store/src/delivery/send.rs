//! Taking news out of the outbox, by several senders at once, each piece by one of them.

use jiff::{SignedDuration, Timestamp};

use crate::delivery::News;
use crate::failure::Failure;
use crate::route::{self, Digest, Route};
use crate::tx::{self, Tx};
use crate::value::Value;
use crate::{json, values};

/// Pieces that one digest gathers.
const MOST: usize = 500;
/// After so many attempts a delivery is a dead letter.
const ATTEMPTS: u32 = 8;

/// One message to be sent: a single piece of news, or all that a digest gathered.
#[derive(Debug)]
pub struct Claim {
    pub route: Route,
    pub pieces: Vec<Piece>,
    holder: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Good as an idempotency key: the same in every attempt.
    pub id: String,
    pub news: News,
    /// Before this one.
    pub attempts: u32,
}

/// The oldest news that is due and that nobody holds, held by `holder` for `lease`. None where there is nothing to do.
///
/// # Errors
/// The database refuses.
pub fn claim(tx: &mut Tx<'_>, holder: &str, lease: SignedDuration, now: Timestamp) -> Result<Option<Claim>, Failure> {
    // A short transaction, one at a time: two who each took half of a digest would send two.
    tx.lock("delivery.claim")?;
    const DUE: &str = "state = 'pending' AND next_attempt <= ?1 AND (lease_until IS NULL OR lease_until <= ?1)";
    let oldest = tx.first(
        &format!("SELECT id, route FROM delivery WHERE {DUE} ORDER BY next_attempt, id LIMIT 1"),
        values![now],
        |row| Ok((row.take::<String>()?, row.take::<String>()?)),
    )?;
    let Some((id, route)) = oldest else { return Ok(None) };
    let Some(route) = route::find(tx, &route)? else {
        // It was being sent when its route was removed, and failed.
        tx.execute(
            "UPDATE delivery SET state = 'dead', problem = 'its route was removed' WHERE route = ?1 AND state = 'pending'",
            values![&route],
        )?;
        return claim(tx, holder, lease, now);
    };
    let (only, limit) = if route.settings.digest == Digest::None { (Some(id), 1) } else { (None, MOST) };
    let pieces = tx.query(
        &format!(
            "SELECT id, news, attempts FROM delivery WHERE {DUE} AND route = ?2 AND (id = ?3 OR ?3 IS NULL) \
             ORDER BY at, id LIMIT ?4"
        ),
        values![now, &route.id, only, limit],
        |row| Ok(Piece { id: row.take()?, news: json::read(&row.take::<String>()?)?, attempts: row.take()? }),
    )?;
    let until = now.saturating_add(lease).unwrap_or(now);
    let claim = Claim { route, pieces, holder: holder.to_owned() };
    claim.set(tx, "holder = ?1, lease_until = ?2", values![holder, until], "TRUE")?;
    Ok(Some(claim))
}

impl Claim {
    /// To be called, and committed, right before the message goes out.
    ///
    /// # Errors
    /// The lease ran out: somebody else may hold it by now, so it must not be sent.
    pub fn begin(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Failure> {
        let held = "holder = ?2 AND lease_until > ?1 AND state = 'pending'";
        let count = self.set(tx, "state = 'sending', attempts = attempts + 1", values![now, &self.holder], held)?;
        if count == self.pieces.len() as u64 {
            return Ok(());
        }
        Err(Failure::conflict("the lease of this delivery ran out before it was sent: somebody else sends it"))
    }

    /// It arrived.
    ///
    /// # Errors
    /// The database refuses.
    pub fn sent(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Failure> {
        let set = "state = 'sent', sent_at = ?1, problem = NULL, lease_until = NULL, holder = NULL";
        self.set(tx, set, values![now, &self.holder], "holder = ?2")?;
        Ok(())
    }

    /// It did not arrive, for sure. It is tried again later, ever more rarely, and at last given up.
    ///
    /// # Errors
    /// The database refuses.
    pub fn failed(&self, tx: &mut Tx<'_>, problem: &str, now: Timestamp) -> Result<(), Failure> {
        let attempts = self.pieces.iter().map(|piece| piece.attempts + 1).max().unwrap_or(1);
        let state = if attempts >= ATTEMPTS { "dead" } else { "pending" };
        self.end(tx, state, problem, now.saturating_add(backoff(attempts)).unwrap_or(now))
    }

    /// Trying again is of no use, such as where the receiver refuses the message itself.
    ///
    /// # Errors
    /// The database refuses.
    pub fn give_up(&self, tx: &mut Tx<'_>, problem: &str, now: Timestamp) -> Result<(), Failure> {
        self.end(tx, "dead", problem, now)
    }

    fn end(&self, tx: &mut Tx<'_>, state: &str, problem: &str, next: Timestamp) -> Result<(), Failure> {
        let problem: String = problem.chars().take(500).collect();
        let set = "state = ?1, problem = ?3, next_attempt = ?4, lease_until = NULL, holder = NULL";
        self.set(tx, set, values![state, &self.holder, problem, next], "holder = ?2")?;
        Ok(())
    }

    fn set(&self, tx: &mut Tx<'_>, set: &str, values: &[Value<'_>], held: &str) -> Result<u64, Failure> {
        let mut count = 0;
        for pieces in self.pieces.chunks(100) {
            let mut all: Vec<Value<'_>> = values.iter().map(Value::from).collect();
            all.extend(pieces.iter().map(|piece| Value::from(&piece.id)));
            let ids = tx::list(values.len() + 1, pieces.len());
            count += tx.execute(&format!("UPDATE delivery SET {set} WHERE {held} AND id IN ({ids})"), &all)?;
        }
        Ok(count)
    }
}

/// Half a minute, then twice as long each time, at most six hours.
fn backoff(attempts: u32) -> SignedDuration {
    let seconds = 30_i64.saturating_mul(1 << attempts.saturating_sub(1).min(20));
    SignedDuration::from_secs(seconds.min(6 * 3600))
}

/// Deliveries whose sender died while it sent: they may have arrived. Returns how many.
///
/// # Errors
/// The database refuses.
pub fn bury(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Failure> {
    tx.execute(
        "UPDATE delivery SET state = 'dead', holder = NULL, lease_until = NULL, \
         problem = 'the plane stopped while this was sent: it may have arrived; send it again if it did not' \
         WHERE state = 'sending' AND lease_until <= ?1",
        values![now],
    )
}

/// When the next delivery is due, so that a sender knows how long to sleep.
///
/// # Errors
/// The database refuses.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Failure> {
    let sql = "SELECT next_attempt FROM delivery WHERE state = 'pending' ORDER BY next_attempt LIMIT 1";
    tx.first(sql, values![], |row| row.take())
}

#[cfg(test)]
mod tests {
    #[test]
    fn waiting_doubles_up_to_six_hours() {
        let seconds: Vec<i64> =
            [1, 2, 3, 7, 30].into_iter().map(|attempts| super::backoff(attempts).as_secs()).collect();
        assert_eq!(seconds, [30, 60, 120, 1920, 21600]);
    }
}
