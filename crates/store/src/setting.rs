//! Settings of the plane that people change while it runs, as JSON by name.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::tx::Tx;
use crate::{audit, bounds, desired, json, values};

/// None where it was never set.
///
/// # Errors
/// The database refuses, or the setting has another shape.
pub fn get<T: DeserializeOwned>(tx: &mut Tx<'_>, name: &str) -> Result<Option<T>, Failure> {
    let text = tx.first("SELECT value FROM setting WHERE name = ?1", values![name], |row| row.take::<String>())?;
    text.as_deref().map(json::read).transpose()
}

/// # Errors
/// The database refuses.
pub fn set<T: Serialize>(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    name: &str,
    value: &T,
    now: Timestamp,
) -> Result<(), Failure> {
    bounds::text("name", name, 100)?;
    let text = json::write(value)?;
    let written = tx.execute(
        "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value \
         WHERE setting.value <> excluded.value",
        values![name, &text],
    )?;
    if written == 0 {
        return Ok(());
    }
    if name == desired::ALLOWED_REGISTRIES {
        desired::bump_matching(tx, &[])?;
    }
    let value: serde_json::Value = json::read(&text)?;
    audit::done(tx, now, actor, "setting.change", name, serde_json::json!({ "value": value }))
}
