//! Where news goes: a webhook, a chat or an address, and which news.

use jiff::Timestamp;
use rampart_model::Severity;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::row::Row;
use crate::seal::SealKey;
use crate::secret::{self, Concealed};
use crate::tx::Tx;
use crate::{audit, bounds, json, values};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Webhook,
    Slack,
    Email,
}

/// How long news is gathered before it is sent as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    None,
    Hourly,
    Daily,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    pub name: String,
    pub kind: Kind,
    /// An address that may be shown. One that is a secret itself, such as a chat's, belongs into the secret.
    pub target: String,
    #[serde(with = "severity")]
    pub min_severity: Severity,
    /// Control ids; empty means all.
    #[serde(default)]
    pub controls: Vec<String>,
    /// Globs; empty means all.
    #[serde(default)]
    pub clusters: Vec<String>,
    #[serde(default)]
    pub namespaces: Vec<String>,
    pub digest: Digest,
    pub enabled: bool,
}

mod severity {
    use rampart_model::Severity;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(severity.id())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    pub id: String,
    #[serde(flatten)]
    pub settings: Settings,
    pub has_secret: bool,
    #[serde(skip)]
    sealed: Option<String>,
}

impl Route {
    /// # Errors
    /// It was sealed with another key.
    pub fn secret(&self, key: &SealKey) -> Result<Option<Concealed>, Failure> {
        self.sealed.as_deref().map(|sealed| key.open(&place(&self.id), sealed)).transpose()
    }
}

fn place(id: &str) -> String {
    format!("route {id}")
}

fn read(row: &mut Row) -> Result<Route, Failure> {
    let (id, settings, sealed): (_, String, Option<String>) = (row.take()?, row.take()?, row.take()?);
    Ok(Route { id, settings: json::read(&settings)?, has_secret: sealed.is_some(), sealed })
}

/// # Errors
/// The database refuses.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Route>, Failure> {
    tx.query("SELECT id, settings, sealed FROM route ORDER BY id", values![], read)
}

/// # Errors
/// There is no such route.
pub fn get(tx: &mut Tx<'_>, id: &str) -> Result<Route, Failure> {
    find(tx, id)?.ok_or_else(|| missing(id))
}

pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Route>, Failure> {
    tx.first("SELECT id, settings, sealed FROM route WHERE id = ?1", values![id], read)
}

/// # Errors
/// The settings are not well formed.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    settings: &Settings,
    secret: Option<&str>,
    key: &SealKey,
    now: Timestamp,
) -> Result<Route, Failure> {
    check(settings)?;
    let id = secret::id("r")?;
    let sealed = seal(&id, secret, key)?;
    tx.execute(
        "INSERT INTO route (id, settings, sealed) VALUES (?1, ?2, ?3)",
        values![&id, json::write(settings)?, sealed.as_deref()],
    )?;
    audit::done(tx, now, actor, "route.create", &id, serde_json::json!({ "settings": settings }))?;
    Ok(Route { id, settings: settings.clone(), has_secret: sealed.is_some(), sealed })
}

/// Without `secret` the one that is known stays, unless the target is another one: it must not be told to somebody else.
///
/// # Errors
/// There is no such route, or the settings are not well formed.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    id: &str,
    settings: &Settings,
    secret: Option<&str>,
    key: &SealKey,
    now: Timestamp,
) -> Result<Route, Failure> {
    check(settings)?;
    let known = get(tx, id)?;
    let is_same = known.settings.target == settings.target && known.settings.kind == settings.kind;
    let sealed = match secret {
        Some(_) => seal(id, secret, key)?,
        None => known.sealed.filter(|_| is_same),
    };
    tx.execute(
        "UPDATE route SET settings = ?1, sealed = ?2 WHERE id = ?3",
        values![json::write(settings)?, sealed.as_deref(), id],
    )?;
    if !settings.enabled {
        // Switched on again, it does not send what is old news by then.
        tx.execute(
            "UPDATE delivery SET state = 'dead', problem = 'its route was switched off' \
             WHERE route = ?1 AND state = 'pending'",
            values![id],
        )?;
    }
    let detail = serde_json::json!({ "settings": settings, "secretChanged": secret.is_some() });
    audit::done(tx, now, actor, "route.change", id, detail)?;
    Ok(Route { id: id.to_owned(), settings: settings.clone(), has_secret: sealed.is_some(), sealed })
}

/// With it goes what it has not sent yet.
///
/// # Errors
/// There is no such route.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor<'_>, id: &str, now: Timestamp) -> Result<(), Failure> {
    if tx.execute("DELETE FROM route WHERE id = ?1", values![id])? == 0 {
        return Err(missing(id));
    }
    tx.execute("DELETE FROM delivery WHERE route = ?1 AND state = 'pending'", values![id])?;
    audit::done(tx, now, actor, "route.remove", id, serde_json::Value::Null)
}

fn missing(id: &str) -> Failure {
    Failure::missing(format!("route `{}`", id.escape_debug()))
}

fn seal(id: &str, secret: Option<&str>, key: &SealKey) -> Result<Option<String>, Failure> {
    secret.filter(|secret| !secret.is_empty()).map(|secret| key.seal(&place(id), secret)).transpose()
}

fn check(settings: &Settings) -> Result<(), Failure> {
    bounds::text("name", &settings.name, 100)?;
    bounds::text("target", &settings.target, 1000)?;
    bounds::globs("controls", &settings.controls)?;
    bounds::globs("clusters", &settings.clusters)?;
    bounds::globs("namespaces", &settings.namespaces)
}
