//! Agents that joined: which cluster each speaks for, with which key, and whether it still may.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::row::Row;
use crate::scope::Scope;
use crate::tx::Tx;
use crate::{audit, bounds, secret, values};

/// How often the last sign of life is written down.
const COARSE: SignedDuration = SignedDuration::from_secs(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Joined,
    /// Somebody has to let it in.
    Waiting,
    Revoked,
}

impl State {
    pub fn id(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Waiting => "waiting",
            Self::Revoked => "revoked",
        }
    }

    fn read(text: &str) -> Result<Self, Failure> {
        let known = [Self::Joined, Self::Waiting, Self::Revoked].into_iter().find(|state| state.id() == text);
        known.ok_or_else(|| Failure::corrupt("an agent is in an unknown state"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    pub id: String,
    pub cluster: String,
    #[serde(skip)]
    pub cluster_id: i64,
    pub state: State,
    pub version: String,
    pub protocol: u32,
    pub certificate_expires: Option<Timestamp>,
    pub last_seen: Option<Timestamp>,
    pub cluster_uid: String,
    /// As the caller wrote it; the key that requests are signed with.
    #[serde(skip)]
    pub public_key: String,
    /// The key before the last renewal: an agent that never got the answer still has it.
    #[serde(skip)]
    pub previous_key: Option<String>,
    #[serde(skip)]
    pub serial: Option<String>,
}

/// An agent at the door.
#[derive(Debug, Clone)]
pub struct Joining<'a> {
    pub cluster_id: i64,
    pub cluster_uid: &'a str,
    pub public_key: &'a str,
    pub version: &'a str,
    pub protocol: u32,
    pub needs_approval: bool,
    /// The id of the join token, for the trail.
    pub token: &'a str,
}

const COLUMNS: &str = "a.id, c.name, a.cluster, a.state, a.version, a.protocol, a.not_after, a.last_seen, a.cluster_uid, \
     a.public_key, a.previous_key, a.serial";
const FROM: &str = "FROM agent a JOIN cluster c ON c.id = a.cluster";

fn read(row: &mut Row) -> Result<Agent, Failure> {
    Ok(Agent {
        id: row.take()?,
        cluster: row.take()?,
        cluster_id: row.take()?,
        state: State::read(&row.take::<String>()?)?,
        version: row.take()?,
        protocol: row.take()?,
        certificate_expires: row.take()?,
        last_seen: row.take()?,
        cluster_uid: row.take()?,
        public_key: row.take()?,
        previous_key: row.take()?,
        serial: row.take()?,
    })
}

/// Lets it in, or lets it wait. An agent that asks again with the key that it had is the one that it was, so that an
/// answer that was lost costs nothing.
///
/// # Errors
/// The key belongs to an agent of another cluster, or to one that was revoked.
pub fn join(tx: &mut Tx<'_>, joining: &Joining<'_>, now: Timestamp) -> Result<Agent, Failure> {
    bounds::text("version", joining.version, 100)?;
    bounds::text("clusterUid", joining.cluster_uid, 100)?;
    bounds::text("publicKey", joining.public_key, 2000)?;
    let state = if joining.needs_approval { State::Waiting } else { State::Joined };
    let made = tx.execute(
        "INSERT INTO agent (id, cluster, cluster_uid, public_key, state, version, protocol, joined) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (public_key) DO NOTHING",
        values![
            secret::id("a")?,
            joining.cluster_id,
            joining.cluster_uid,
            joining.public_key,
            state.id(),
            joining.version,
            joining.protocol,
            now,
        ],
    )?;
    let agent =
        tx.first(&format!("SELECT {COLUMNS} {FROM} WHERE a.public_key = ?1"), values![joining.public_key], read)?;
    let agent = agent.ok_or_else(|| Failure::missing("such cluster"))?;
    if agent.cluster_id != joining.cluster_id || agent.state == State::Revoked {
        return Err(Failure::denied("this key is known and may not join: make a new one"));
    }
    if made > 0 {
        let detail = serde_json::json!({
            "cluster": agent.cluster, "uid": agent.cluster_uid, "token": joining.token, "state": agent.state.id(),
        });
        let actor = Actor { id: &agent.id, name: &agent.id };
        audit::done(tx, now, &actor, "agent.join", &agent.id, detail)?;
    }
    Ok(agent)
}

/// # Errors
/// The database refuses.
pub fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Agent>, Failure> {
    tx.first(&format!("SELECT {COLUMNS} {FROM} WHERE a.id = ?1"), values![id], read)
}

/// The agent with this key.
///
/// # Errors
/// The database refuses.
pub fn by_key(tx: &mut Tx<'_>, public_key: &str) -> Result<Option<Agent>, Failure> {
    tx.first(&format!("SELECT {COLUMNS} {FROM} WHERE a.public_key = ?1"), values![public_key], read)
}

/// Writes down the certificate that the agent is about to get, and its key where that is a new one.
///
/// # Errors
/// The agent may not have one: it waits, was revoked, or does not exist.
pub fn certify(tx: &mut Tx<'_>, id: &str, public_key: &str, serial: &str, not_after: Timestamp) -> Result<(), Failure> {
    bounds::text("publicKey", public_key, 2000)?;
    let count = tx.execute(
        "UPDATE agent SET previous_key = CASE WHEN public_key = ?1 THEN previous_key ELSE public_key END, \
         public_key = ?1, serial = ?2, not_after = ?3 WHERE id = ?4 AND state = 'joined'",
        values![public_key, serial, not_after, id],
    )?;
    if count == 0 { Err(Failure::denied("this agent gets no certificate: it waits or was revoked")) } else { Ok(()) }
}

/// A sign of life, written down at most every 20 seconds, or at once where something is new. True where it was written.
///
/// # Errors
/// The database refuses.
pub fn seen(tx: &mut Tx<'_>, id: &str, version: &str, protocol: u32, now: Timestamp) -> Result<bool, Failure> {
    bounds::text("version", version, 100)?;
    let count = tx.execute(
        "UPDATE agent SET last_seen = ?1, version = ?2, protocol = ?3 WHERE id = ?4 \
         AND (last_seen IS NULL OR last_seen <= ?5 OR version <> ?2 OR protocol <> ?3)",
        values![now, version, protocol, id, now.saturating_sub(COARSE).unwrap_or(now)],
    )?;
    Ok(count > 0)
}

/// Agents of the clusters that the scope shows as a whole, by cluster.
///
/// # Errors
/// The database refuses.
pub fn list(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Agent>, Failure> {
    let all = tx.query(&format!("SELECT {COLUMNS} {FROM} ORDER BY c.name, a.joined, a.id"), values![], read)?;
    Ok(all.into_iter().filter(|agent| scope.sees_whole(&agent.cluster)).collect())
}

/// The second opt-in.
///
/// # Errors
/// There is no such agent in scope, or it does not wait.
pub fn approve(tx: &mut Tx<'_>, scope: &Scope, actor: &Actor<'_>, id: &str, now: Timestamp) -> Result<Agent, Failure> {
    change(tx, scope, actor, id, (State::Waiting, State::Joined), "agent.approve", now)
}

/// From now on nothing of it is taken.
///
/// # Errors
/// There is no such agent in scope, or it is revoked already.
pub fn revoke(tx: &mut Tx<'_>, scope: &Scope, actor: &Actor<'_>, id: &str, now: Timestamp) -> Result<Agent, Failure> {
    let from = by_id(tx, id)?.map_or(State::Joined, |agent| agent.state);
    if from == State::Revoked {
        return Err(Failure::conflict("this agent is revoked already"));
    }
    change(tx, scope, actor, id, (from, State::Revoked), "agent.revoke", now)
}

fn change(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &Actor<'_>,
    id: &str,
    (from, to): (State, State),
    action: &str,
    now: Timestamp,
) -> Result<Agent, Failure> {
    let agent = by_id(tx, id)?.filter(|agent| scope.sees_whole(&agent.cluster));
    let agent = agent.ok_or_else(|| Failure::missing(format!("agent `{}`", id.escape_debug())))?;
    let sql = "UPDATE agent SET state = ?1 WHERE id = ?2 AND state = ?3";
    if tx.execute(sql, values![to.id(), id, from.id()])? == 0 {
        return Err(Failure::conflict(format!("this agent is {}, not {}", agent.state.id(), from.id())));
    }
    audit::done(tx, now, actor, action, id, serde_json::json!({ "cluster": agent.cluster }))?;
    Ok(Agent { state: to, ..agent })
}

/// Where a cluster is removed: its agents go with it, and so does what the plane wanted of it.
///
/// # Errors
/// The database refuses.
pub fn forget_cluster(tx: &mut Tx<'_>, cluster: i64) -> Result<(), Failure> {
    tx.execute("DELETE FROM agent WHERE cluster = ?1", values![cluster])?;
    tx.execute("DELETE FROM desired WHERE cluster = ?1", values![cluster])?;
    Ok(())
}
