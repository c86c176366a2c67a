//! Ends waivers whose last day is over. May run as often as it likes, in several replicas at once.

use jiff::Timestamp;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::tx::Tx;
use crate::waiver::request::today;
use crate::waiver::{COLUMNS, Waiver};
use crate::{audit, desired, values};

/// What ended now; the clusters that it covered evaluate again.
///
/// # Errors
/// The database refuses.
pub fn expire(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Waiver>, Failure> {
    let ended = tx.query(
        &format!(
            "UPDATE waiver SET state = 'expired', decided_at = ?1 \
             WHERE state IN ('requested', 'approved') AND expires < ?2 RETURNING {COLUMNS}"
        ),
        values![now, today(now).to_string()],
        Waiver::read,
    )?;
    desired::bump_matching_any(tx, ended.iter().map(|waiver| waiver.clusters.as_slice()))?;
    for waiver in &ended {
        audit::done(tx, now, &Actor::PLANE, "waiver.expire", &waiver.id, waiver.outline())?;
    }
    Ok(ended)
}
