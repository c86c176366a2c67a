//! The link that makes the first administrator: printed once, good once, for a short while, stored as a hash.

use jiff::{SignedDuration, Timestamp};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::role::{Role, RoleGrant};
use crate::secret::{Concealed, Secret};
use crate::tx::Tx;
use crate::user::{self, User};
use crate::values;

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
    if tx.execute(sql, values![now, secret.hash()])? == 0 || is_done(tx)? {
        return Err(Failure::denied(
            "this link was used or is over: restart the plane for a new one while there is no user",
        ));
    }
    let actor = Actor { id: "first-run", name: "first-run link" };
    user::create_local(tx, &actor, name, password, &[RoleGrant::everywhere(Role::Admin)], now)
}
