//! Deciding over a waiver. Four eyes: who asked for it cannot approve or reject it, whatever their role.

use jiff::Timestamp;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::scope::Scope;
use crate::tx::Tx;
use crate::waiver::request::today;
use crate::waiver::{COLUMNS, State, Waiver, covered, read};
use crate::{audit, bounds, desired, values};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    Reject,
}

/// `scope` is where the actor may decide. Of two who decide at once, one is told that it is decided.
///
/// # Errors
/// There is no such waiver in scope; the actor asked for it, or may not decide over all that it covers; it is decided
/// already, or its last day is over.
pub fn decide(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &Actor<'_>,
    id: &str,
    decision: Decision,
    comment: &str,
    now: Timestamp,
) -> Result<Waiver, Failure> {
    bounds::optional("comment", comment, 2000)?;
    let waiver = read::get(tx, scope, id)?;
    if waiver.requester == actor.id {
        return Err(Failure::denied("you asked for this waiver yourself: somebody else has to decide"));
    }
    if !covered::is_within(&waiver.clusters, waiver.namespace.as_deref(), scope) {
        return Err(Failure::denied(
            "the waiver reaches further than your roles: somebody who may see all of it decides",
        ));
    }
    if waiver.state == State::Requested && waiver.expires < today(now) {
        return Err(Failure::conflict(format!(
            "the waiver's last day `{}` is over: ask for a new one",
            waiver.expires
        )));
    }
    let (state, action) = match decision {
        Decision::Approve => (State::Approved, "waiver.approve"),
        Decision::Reject => (State::Rejected, "waiver.reject"),
    };
    // The conditions stand here once more: what was read above may have changed by now.
    let decided = tx.first(
        &format!(
            "UPDATE waiver SET state = ?1, decided_by = ?2, decided_by_name = ?3, decided_at = ?4, comment = ?5 \
             WHERE id = ?6 AND state = 'requested' AND requested_by <> ?2 RETURNING {COLUMNS}"
        ),
        values![state.id(), actor.id, actor.name, now, comment_or_none(comment), id],
        Waiver::read,
    )?;
    let decided = decided.ok_or_else(|| already(waiver.state))?;
    if decision == Decision::Approve {
        desired::bump_matching(tx, &decided.clusters)?;
    }
    audit::done(tx, now, actor, action, id, decided.outline())?;
    Ok(decided)
}

/// Ends a waiver. Whoever asked for it may do so as well: it only takes away.
///
/// # Errors
/// There is no such waiver in scope, the actor may not decide over all that it covers, or it has ended already.
pub fn revoke(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &Actor<'_>,
    id: &str,
    comment: &str,
    now: Timestamp,
) -> Result<Waiver, Failure> {
    bounds::optional("comment", comment, 2000)?;
    let waiver = read::get(tx, scope, id)?;
    if waiver.requester != actor.id && !covered::is_within(&waiver.clusters, waiver.namespace.as_deref(), scope) {
        return Err(Failure::denied(
            "the waiver reaches further than your roles: somebody who may see all of it decides",
        ));
    }
    let revoked = tx.first(
        &format!(
            "UPDATE waiver SET state = 'revoked', decided_by = ?1, decided_by_name = ?2, decided_at = ?3, comment = ?4 \
             WHERE id = ?5 AND state IN ('requested', 'approved') RETURNING {COLUMNS}"
        ),
        values![actor.id, actor.name, now, comment_or_none(comment), id],
        Waiver::read,
    )?;
    let revoked = revoked.ok_or_else(|| already(waiver.state))?;
    desired::bump_matching(tx, &revoked.clusters)?;
    audit::done(tx, now, actor, "waiver.revoke", id, revoked.outline())?;
    Ok(revoked)
}

fn comment_or_none(comment: &str) -> Option<&str> {
    Some(comment.trim()).filter(|comment| !comment.is_empty())
}

fn already(state: State) -> Failure {
    match state {
        // It was requested when it was read: somebody else was faster.
        State::Requested => Failure::conflict("somebody else decided over this waiver a moment ago: look at it again"),
        state => Failure::conflict(format!("this waiver is {} already", state.id())),
    }
}
