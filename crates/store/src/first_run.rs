//! The link that makes the first administrator: printed once, good once, for a short while, stored as a hash.

use jiff::{SignedDuration, Timestamp};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::role::{Role, RoleGrant};
use crate::secret::{Concealed, Secret};
use crate::tx::Tx;
use crate::user::{self, User};
use crate::{audit, identity_provider, values};

/// What a link is told that is not good.
pub const REFUSAL: &str = "this link was used or is over: restart the plane for a new one while there is no user, else run `rampart admin-link`";
/// What the secret of a link begins with that works although there are users. The stored hash covers it.
const RECOVERY: &str = "again-";

/// A new link; earlier ones stop working. None where there is a user already. Several replicas that start at once each
/// print one, and the last one works.
///
/// # Errors
/// The database refuses.
pub fn issue(tx: &mut Tx<'_>, life: SignedDuration, now: Timestamp) -> Result<Option<Secret>, Failure> {
    tx.lock("first_run")?;
    if is_done(tx)? {
        return Ok(None);
    }
    let secret = Secret::random("")?;
    tx.execute("DELETE FROM first_run WHERE used IS NULL", values![])?;
    tx.execute(
        "INSERT INTO first_run (hash, expires) VALUES (?1, ?2)",
        values![secret.hash(), now.saturating_add(life).unwrap_or(now)],
    )?;
    Ok(Some(secret))
}

/// A link for whoever holds the database itself: it works although there are users, for one of whom it may set a new password.
/// Local users may sign in again.
///
/// # Errors
/// The database refuses.
pub fn issue_recovery(tx: &mut Tx<'_>, life: SignedDuration, now: Timestamp) -> Result<Secret, Failure> {
    tx.lock("first_run")?;
    let secret = Secret::random(RECOVERY)?;
    tx.execute("DELETE FROM first_run WHERE used IS NULL", values![])?;
    tx.execute(
        "INSERT INTO first_run (hash, expires) VALUES (?1, ?2)",
        values![secret.hash(), now.saturating_add(life).unwrap_or(now)],
    )?;
    let actor = Actor { id: "command-line", name: "command line" };
    identity_provider::enable_local(tx, &actor, now)?;
    audit::done(tx, now, &actor, "admin_link.issue", "administrator", serde_json::Value::Null)?;
    Ok(secret)
}

/// True where the link can be spent right now.
///
/// # Errors
/// The database refuses.
pub fn is_good(tx: &mut Tx<'_>, secret: &Secret, now: Timestamp) -> Result<bool, Failure> {
    let sql = "SELECT expires FROM first_run WHERE hash = ?1 AND used IS NULL AND expires > ?2";
    let found = tx.first(sql, values![secret.hash(), now], |row| row.take::<i64>())?;
    Ok(found.is_some() && (is_recovery(secret) || !is_done(tx)?))
}

fn is_recovery(secret: &Secret) -> bool {
    secret.expose().starts_with(RECOVERY)
}

/// True where somebody can sign in, so that no link is needed.
///
/// # Errors
/// The database refuses.
pub fn is_done(tx: &mut Tx<'_>) -> Result<bool, Failure> {
    Ok(tx.first("SELECT created FROM user_account LIMIT 1", values![], |row| row.take::<i64>())?.is_some())
}

/// Spends the link. Of two who come at once, one becomes the administrator.
///
/// # Errors
/// The link is unknown, spent or over.
pub fn redeem(
    tx: &mut Tx<'_>,
    secret: &Secret,
    name: &str,
    password: &Concealed,
    now: Timestamp,
) -> Result<User, Failure> {
    tx.lock("first_run")?;
    let sql = "UPDATE first_run SET used = ?1 WHERE hash = ?2 AND used IS NULL AND expires > ?1";
    if tx.execute(sql, values![now, secret.hash()])? == 0 || (!is_recovery(secret) && is_done(tx)?) {
        return Err(Failure::denied(REFUSAL));
    }
    let actor = Actor { id: "first-run", name: "first-run link" };
    if is_recovery(secret)
        && let Some(user) = user::restore_admin(tx, &actor, name, password, now)?
    {
        return Ok(user);
    }
    user::create_local(tx, &actor, name, password, &[RoleGrant::everywhere(Role::Admin)], now)
}
