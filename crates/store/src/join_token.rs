//! What lets an agent in: a secret with an end, a number of uses, and a cluster that it is for.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::row::Row;
use crate::secret::{self, Secret};
use crate::tx::Tx;
use crate::{audit, bounds, values};

pub const PREFIX: &str = "rmj_";

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JoinToken {
    pub id: String,
    /// None: any cluster may join with it.
    pub cluster: Option<String>,
    pub uses_left: u32,
    pub expires: Timestamp,
    pub needs_approval: bool,
    pub created_by: String,
    /// The uid of the one cluster that may use it; the first use of a token for a cluster binds it.
    pub uid: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wanted {
    #[serde(default)]
    pub cluster: Option<String>,
    pub uses: u32,
    pub hours: u32,
    #[serde(default)]
    pub needs_approval: bool,
    #[serde(default)]
    pub uid: Option<String>,
}

const COLUMNS: &str = "id, cluster, uses_left, expires, needs_approval, created_by, uid";

fn read(row: &mut Row) -> Result<JoinToken, Failure> {
    Ok(JoinToken {
        id: row.take()?,
        cluster: row.take()?,
        uses_left: row.take()?,
        expires: row.take()?,
        needs_approval: row.take()?,
        created_by: row.take()?,
        uid: row.take()?,
    })
}

/// The secret is shown once.
///
/// # Errors
/// The request is not well formed.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<(JoinToken, Secret), Failure> {
    wanted.cluster.as_deref().map_or(Ok(()), |name| bounds::text("cluster", name, 253))?;
    wanted.uid.as_deref().map_or(Ok(()), |uid| bounds::text("uid", uid, 100))?;
    if !(1..=1000).contains(&wanted.uses) {
        return Err(Failure::invalid("uses", "a join token has 1 to 1000 uses"));
    }
    if !(1..=24 * 30).contains(&wanted.hours) {
        return Err(Failure::invalid("hours", "a join token lives 1 to 720 hours"));
    }
    let secret = Secret::random(PREFIX)?;
    let expires = now.saturating_add(SignedDuration::from_hours(wanted.hours.into())).unwrap_or(now);
    let token = tx.first(
        &format!(
            "INSERT INTO join_token (id, hash, cluster, uses_left, expires, needs_approval, created_by, uid) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING {COLUMNS}"
        ),
        values![
            secret::id("j")?,
            secret.hash(),
            wanted.cluster.as_deref(),
            wanted.uses,
            expires,
            wanted.needs_approval,
            actor.name,
            wanted.uid.as_deref(),
        ],
        read,
    )?;
    let token = token.ok_or_else(|| Failure::corrupt("the database kept no join token"))?;
    let detail = serde_json::json!({
        "cluster": token.cluster, "uses": token.uses_left, "expires": token.expires.to_string(),
        "needsApproval": token.needs_approval, "uid": token.uid,
    });
    audit::done(tx, now, actor, "join_token.create", &token.id, detail)?;
    Ok((token, secret))
}

/// The cluster that the token is for, where it is for one.
///
/// # Errors
/// The token cannot be used; the sentence is that of [`take`].
pub fn cluster_of(tx: &mut Tx<'_>, secret: &Secret, now: Timestamp) -> Result<Option<String>, Failure> {
    let sql = "SELECT cluster FROM join_token WHERE hash = ?1 AND uses_left > 0 AND expires > ?2";
    tx.first(sql, values![secret.hash(), now], |row| row.take())?.ok_or_else(useless)
}

/// Takes one use for a cluster. Of two who take the last use at once, one is refused. An error gives the use back,
/// where it ends the transaction.
///
/// # Errors
/// The token is unknown, used up or over, or is for another cluster. The sentence does not say which, since whoever asks
/// is not known; the trail of the plane may.
pub fn take(tx: &mut Tx<'_>, secret: &Secret, cluster: &str, uid: &str, now: Timestamp) -> Result<JoinToken, Failure> {
    let taken = tx.first(
        &format!(
            "UPDATE join_token SET uses_left = uses_left - 1, \
             uid = CASE WHEN cluster IS NULL THEN uid ELSE COALESCE(uid, ?1) END \
             WHERE hash = ?2 AND uses_left > 0 AND expires > ?3 AND (cluster IS NULL OR cluster = ?4) \
             AND (uid IS NULL OR uid = ?1) RETURNING {COLUMNS}"
        ),
        values![uid, secret.hash(), now, cluster],
        read,
    )?;
    taken.ok_or_else(useless)
}

fn useless() -> Failure {
    Failure::denied("the join token is unknown, used up, over or for another cluster: ask for a new one")
}

/// Those that can still be used, the newest end last.
///
/// # Errors
/// The database refuses.
pub fn list(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<JoinToken>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM join_token WHERE uses_left > 0 AND expires > ?1 ORDER BY expires, id");
    tx.query(&sql, values![now], read)
}

/// # Errors
/// There is no such token.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor<'_>, id: &str, now: Timestamp) -> Result<(), Failure> {
    if tx.execute("DELETE FROM join_token WHERE id = ?1", values![id])? == 0 {
        return Err(Failure::missing(format!("join token `{}`", id.escape_debug())));
    }
    audit::done(tx, now, actor, "join_token.revoke", id, serde_json::Value::Null)
}

/// Forgets what is over or used up.
///
/// # Errors
/// The database refuses.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Failure> {
    tx.execute("DELETE FROM join_token WHERE expires <= ?1 OR uses_left <= 0", values![now])
}
