//! The plane's own audit trail: who did what, with what outcome. Nothing is ever changed or removed (both databases
//! refuse it), and each entry's hash covers the one before, so that a change behind the plane's back shows.
//!
//! An entry is written in the transaction of the change that it speaks of: neither exists without the other. Write it
//! last in a transaction, since it makes other writers of the trail wait.

pub mod chain;
#[cfg(test)]
mod tests;
pub mod verify;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::actor::Actor;
use crate::audit::chain::Link;
use crate::database::Engine;
use crate::failure::Failure;
use crate::page;
use crate::tx::Tx;
use crate::value::Value;
use crate::values;

/// Longer texts are cut: a name that somebody sent in to sign in may be anything.
const LONGEST: usize = 500;
const LONGEST_DETAIL: usize = 16 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Allowed,
    Denied,
    Failed,
}

impl Outcome {
    pub fn id(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }

    fn read(text: &str) -> Result<Self, Failure> {
        [Self::Allowed, Self::Denied, Self::Failed]
            .into_iter()
            .find(|outcome| outcome.id() == text)
            .ok_or_else(|| Failure::corrupt(format!("the trail has the unknown outcome `{}`", text.escape_debug())))
    }
}

/// What is to be written. `action` is a noun and a verb, such as `waiver.approve`.
#[derive(Debug, Clone)]
pub struct Deed<'a> {
    pub actor: &'a str,
    pub action: &'a str,
    pub object: &'a str,
    pub outcome: Outcome,
    pub detail: Map<String, Json>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    pub seq: u64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub object: String,
    pub outcome: Outcome,
    pub detail: Map<String, Json>,
    pub hash: String,
}

/// Which entries to show; what is not given matches all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: Option<String>,
    /// An action, or the beginning of one: `waiver` finds `waiver.approve`.
    pub action: Option<String>,
    pub object: Option<String>,
    pub outcome: Option<Outcome>,
}

/// # Errors
/// The database refuses.
pub fn append(tx: &mut Tx<'_>, at: Timestamp, deed: &Deed<'_>) -> Result<u64, Failure> {
    // Reading the head locks it: entries are written one after the other, in the order of their numbers. SQLite has one
    // writer and needs no words for it.
    let head = match tx.engine() {
        Engine::Sqlite => "SELECT seq + 1, hash FROM audit_head WHERE id = 1",
        Engine::Postgres => "SELECT seq + 1, hash FROM audit_head WHERE id = 1 FOR UPDATE",
    };
    let head = tx.first(head, values![], |row| Ok((row.take::<u64>()?, row.take::<String>()?)))?;
    let (seq, previous) = head.ok_or_else(|| Failure::corrupt("the audit trail has no head"))?;
    let detail = detail_text(&deed.detail);
    let link = Link {
        seq,
        at: at.as_microsecond(),
        actor: &cut(deed.actor),
        action: &cut(deed.action),
        object: &cut(deed.object),
        outcome: deed.outcome.id(),
        detail: &detail,
        previous: &previous,
    };
    let hash = link.hash();
    tx.execute(
        "INSERT INTO audit (seq, at, actor, action, object, outcome, detail, previous, hash) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        values![seq, link.at, link.actor, link.action, link.object, link.outcome, link.detail, link.previous, &hash],
    )?;
    tx.execute("UPDATE audit_head SET seq = ?1, hash = ?2 WHERE id = 1", values![seq, &hash])?;
    Ok(seq)
}

/// A change that was allowed and made.
pub(crate) fn done(
    tx: &mut Tx<'_>,
    at: Timestamp,
    actor: &Actor<'_>,
    action: &str,
    object: &str,
    detail: Json,
) -> Result<(), Failure> {
    let detail = if let Json::Object(detail) = detail { detail } else { Map::new() };
    append(tx, at, &Deed { actor: actor.name, action, object, outcome: Outcome::Allowed, detail })?;
    Ok(())
}

/// The newest first; `before` is the cursor that an earlier page gave. For those who may read all clusters: an entry
/// may speak of any.
///
/// # Errors
/// The database refuses, or the cursor is none.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &Filter,
    before: Option<&str>,
    limit: usize,
) -> Result<page::Page<TrailEntry>, Failure> {
    let before = before.map_or(Ok(i64::MAX), |cursor| cursor.parse().map_err(|_| page::bad_cursor()))?;
    // Only what is asked for stands in the statement: so the database can choose an index.
    let mut sql = "SELECT seq, at, actor, action, object, outcome, detail, hash FROM audit WHERE seq < ?1".to_owned();
    let mut bound = vec![Value::from(before), Value::from(limit.saturating_add(1))];
    let mut also = |condition: &str, value: &str| {
        bound.push(Value::from(value.to_owned()));
        sql.push_str(" AND ");
        sql.push_str(&condition.replace("{}", &format!("?{}", bound.len())));
    };
    if let Some(actor) = &filter.actor {
        also("actor = {}", actor);
    }
    if let Some(object) = &filter.object {
        also("object = {}", object);
    }
    if let Some(outcome) = filter.outcome {
        also("outcome = {}", outcome.id());
    }
    if let Some(action) = &filter.action {
        also("(action = {} OR substr(action, 1, length({}) + 1) = {} || '.')", action);
    }
    sql.push_str(" ORDER BY seq DESC LIMIT ?2");
    let entries = tx.query(&sql, &bound, read)?;
    Ok(page::Page::of(entries, limit, |entry| entry.seq.to_string()))
}

fn read(row: &mut crate::row::Row) -> Result<TrailEntry, Failure> {
    Ok(TrailEntry {
        seq: row.take()?,
        at: row.take()?,
        actor: row.take()?,
        action: row.take()?,
        object: row.take()?,
        outcome: Outcome::read(&row.take::<String>()?)?,
        detail: serde_json::from_str(&row.take::<String>()?).unwrap_or_default(),
        hash: row.take()?,
    })
}

fn cut(text: &str) -> String {
    // What the database would store differently would not have the hash of what was written.
    text.chars().take(LONGEST).map(|letter| if letter == '\0' { '\u{fffd}' } else { letter }).collect()
}

fn detail_text(detail: &Map<String, Json>) -> String {
    let text = serde_json::to_string(detail).unwrap_or_default();
    if text.len() <= LONGEST_DETAIL { text } else { format!("{{\"omitted\":\"{} bytes\"}}", text.len()) }
}
