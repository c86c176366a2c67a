//! Compliance frameworks of one's own: the text that somebody brought, as it was. What it says is not the store's matter.

use jiff::Timestamp;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::row::Row;
use crate::tx::Tx;
use crate::{audit, bounds, values};

/// The longest text.
const MOST: usize = 1 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFramework {
    pub id: String,
    pub title: String,
    pub version: String,
    pub text: String,
    pub changed_by: String,
    pub changed_at: Timestamp,
}

fn read(row: &mut Row) -> Result<OwnFramework, Failure> {
    Ok(OwnFramework {
        id: row.take()?,
        title: row.take()?,
        version: row.take()?,
        text: row.take()?,
        changed_by: row.take()?,
        changed_at: row.take()?,
    })
}

/// Brings a framework, or a newer text of one that is known.
///
/// # Errors
/// It is not well formed or too long.
pub fn put(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    (id, title, version): (&str, &str, &str),
    text: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    bounds::text("id", id, 100)?;
    bounds::text("title", title, 300)?;
    bounds::text("version", version, 100)?;
    if text.len() > MOST {
        return Err(Failure::invalid("text", "a framework is at most 1 MiB long"));
    }
    tx.execute(
        "INSERT INTO framework (id, title, version, content, changed_by, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, version = excluded.version, content = excluded.content, \
         changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        values![id, title, version, text, actor.name, now],
    )?;
    audit::done(tx, now, actor, "framework.put", id, serde_json::json!({ "title": title, "version": version }))
}

/// All, by id, with their texts.
///
/// # Errors
/// The database refuses.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<OwnFramework>, Failure> {
    tx.query("SELECT id, title, version, content, changed_by, changed_at FROM framework ORDER BY id", values![], read)
}

/// # Errors
/// There is no such framework.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor<'_>, id: &str, now: Timestamp) -> Result<(), Failure> {
    if tx.execute("DELETE FROM framework WHERE id = ?1", values![id])? == 0 {
        return Err(Failure::missing(format!("own framework `{}`", id.escape_debug())));
    }
    audit::done(tx, now, actor, "framework.remove", id, serde_json::Value::Null)
}
