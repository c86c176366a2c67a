//! Forgets what is over: to be called now and then by whoever leads.

use jiff::{SignedDuration, Timestamp};

use crate::failure::Failure;
use crate::tx::Tx;
use crate::{delivery, join_token, session, token};

/// Days that deliveries are kept for people to look at.
const DELIVERIES: i64 = 30;

/// Returns how many rows went.
///
/// # Errors
/// The database refuses.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Failure> {
    let long_ago = now.saturating_sub(SignedDuration::from_hours(24 * DELIVERIES)).unwrap_or(now);
    Ok(session::sweep(tx, now)?
        + token::sweep(tx, now)?
        + join_token::sweep(tx, now)?
        + delivery::list::prune(tx, long_ago)?)
}
