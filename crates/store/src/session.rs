//! Browsers that are signed in. The store knows the hash of a session's secret only; the value against cross-site
//! requests is derived from the secret and needs no place of its own.

use jiff::{SignedDuration, Timestamp};

use crate::failure::Failure;
use crate::principal::Principal;
use crate::secret::Secret;
use crate::tx::Tx;
use crate::user::{self, User};
use crate::{audit, values};

/// How often the last use of a session or token is written down.
pub(crate) const COARSE: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// However busy it is.
    pub whole: SignedDuration,
    /// Without a request.
    pub idle: SignedDuration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { whole: SignedDuration::from_hours(12), idle: SignedDuration::from_hours(1) }
    }
}

/// A session that was found by its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub principal: Principal,
    pub expires: Timestamp,
    /// True where [`touch`] is due.
    pub stale: bool,
}

/// Starts a session. An earlier one of the same browser is to be ended by its secret.
///
/// # Errors
/// The database refuses.
pub fn start(tx: &mut Tx<'_>, user: &User, limits: Limits, now: Timestamp) -> Result<(Secret, Timestamp), Failure> {
    let secret = Secret::random("")?;
    let expires = now.saturating_add(limits.whole).unwrap_or(now);
    tx.execute(
        "INSERT INTO session (hash, user_id, created, last_used, expires, idle) VALUES (?1, ?2, ?3, ?3, ?4, ?5)",
        values![secret.hash(), &user.id, now, expires, micros(limits.idle)],
    )?;
    user::signed_in(tx, &user.id, now)?;
    let actor = crate::actor::Actor { id: &user.id, name: &user.name };
    let source = if user.issuer.is_some() { "oidc" } else { "local" };
    audit::done(tx, now, &actor, "session.start", &user.name, serde_json::json!({ "source": source }))?;
    Ok((secret, expires))
}

/// What a request must repeat in a header beside the cookie.
pub fn csrf(secret: &Secret) -> Secret {
    secret.derive("rampart csrf v1")
}

/// None where there is no such session, it is over, or its user is disabled.
///
/// # Errors
/// The database refuses.
pub fn find(tx: &mut Tx<'_>, secret: &Secret, now: Timestamp) -> Result<Option<Session>, Failure> {
    let found = tx.first(
        "SELECT user_id, expires, last_used FROM session WHERE hash = ?1 AND expires > ?2 AND last_used + idle > ?2",
        values![secret.hash(), now],
        |row| Ok((row.take::<String>()?, row.take::<Timestamp>()?, row.take::<Timestamp>()?)),
    )?;
    let Some((id, expires, last_used)) = found else { return Ok(None) };
    let Some(user) = user::get(tx, &id)?.filter(|user| !user.disabled) else { return Ok(None) };
    let principal = user.principal(tx)?;
    Ok(Some(Session { principal, expires, stale: now.duration_since(last_used) >= COARSE }))
}

/// Writes down that the session was used, at most once a minute.
///
/// # Errors
/// The database refuses.
pub fn touch(tx: &mut Tx<'_>, secret: &Secret, now: Timestamp) -> Result<(), Failure> {
    tx.execute(
        "UPDATE session SET last_used = ?1 WHERE hash = ?2 AND last_used <= ?3",
        values![now, secret.hash(), now.saturating_sub(COARSE).unwrap_or(now)],
    )?;
    Ok(())
}

/// Signing out. True where there was such a session.
///
/// # Errors
/// The database refuses.
pub fn end(tx: &mut Tx<'_>, secret: &Secret) -> Result<bool, Failure> {
    Ok(tx.execute("DELETE FROM session WHERE hash = ?1", values![secret.hash()])? > 0)
}

/// Forgets what is over.
///
/// # Errors
/// The database refuses.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Failure> {
    tx.execute("DELETE FROM session WHERE expires <= ?1 OR last_used + idle <= ?1", values![now])
}

pub(crate) fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
