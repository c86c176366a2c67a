//! The one identity provider that people sign in with. Its client secret is sealed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::seal::SealKey;
use crate::secret::Concealed;
use crate::tx::Tx;
use crate::{audit, bounds, json, values};

const PLACE: &str = "identity_provider";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    pub scopes: Vec<String>,
    pub groups_claim: String,
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    pub settings: Settings,
    pub has_secret: bool,
    /// Local users cannot sign in any more.
    pub local_disabled: bool,
    sealed: Option<String>,
}

impl IdentityProvider {
    /// The client secret; none for a public client.
    ///
    /// # Errors
    /// It was sealed with another key.
    pub fn secret(&self, key: &SealKey) -> Result<Option<Concealed>, Failure> {
        self.sealed.as_deref().map(|sealed| key.open(PLACE, sealed)).transpose()
    }
}

/// # Errors
/// The database refuses.
pub fn get(tx: &mut Tx<'_>) -> Result<Option<IdentityProvider>, Failure> {
    tx.first("SELECT settings, sealed, local_disabled FROM identity_provider WHERE id = 1", values![], |row| {
        let settings = json::read(&row.take::<String>()?)?;
        let sealed: Option<String> = row.take()?;
        Ok(IdentityProvider { settings, has_secret: sealed.is_some(), sealed, local_disabled: row.take()? })
    })
}

/// Without `secret` the one that is known stays, unless the issuer or the client is another: a secret is for one client.
/// The change lets local users in again, until the provider is known to work.
///
/// # Errors
/// The settings are not well formed.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    settings: &Settings,
    secret: Option<&str>,
    key: &SealKey,
    now: Timestamp,
) -> Result<IdentityProvider, Failure> {
    bounds::text("name", &settings.name, 100)?;
    bounds::text("issuer", &settings.issuer, 500)?;
    bounds::text("clientId", &settings.client_id, 500)?;
    bounds::text("groupsClaim", &settings.groups_claim, 100)?;
    bounds::globs("scopes", &settings.scopes)?;
    let known = get(tx)?
        .filter(|known| known.settings.issuer == settings.issuer && known.settings.client_id == settings.client_id);
    let sealed = match secret {
        Some("") => None,
        Some(secret) => Some(key.seal(PLACE, secret)?),
        None => known.and_then(|known| known.sealed),
    };
    tx.execute(
        "INSERT INTO identity_provider (id, settings, sealed, local_disabled) VALUES (1, ?1, ?2, 0) \
         ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, sealed = excluded.sealed, local_disabled = 0",
        values![json::write(settings)?, sealed.as_deref()],
    )?;
    let detail = serde_json::json!({ "settings": settings, "secretChanged": secret.is_some() });
    audit::done(tx, now, actor, "identity.change", &settings.name, detail)?;
    Ok(IdentityProvider { settings: settings.clone(), has_secret: sealed.is_some(), local_disabled: false, sealed })
}

/// An administrator came in through the provider: local users are no longer needed. True where this was news.
///
/// # Errors
/// The database refuses.
pub fn disable_local(tx: &mut Tx<'_>, actor: &Actor<'_>, now: Timestamp) -> Result<bool, Failure> {
    let sql = "UPDATE identity_provider SET local_disabled = 1 WHERE id = 1 AND local_disabled = 0";
    if tx.execute(sql, values![])? == 0 {
        return Ok(false);
    }
    // Whoever came in with a password goes, together with what they left behind.
    tx.execute("DELETE FROM session WHERE user_id IN (SELECT id FROM user_account WHERE issuer IS NULL)", values![])?;
    audit::done(tx, now, actor, "identity.disable_local", "local users", serde_json::Value::Null)?;
    Ok(true)
}

/// The way back in where the provider is lost: for the command line of the machine itself.
///
/// # Errors
/// The database refuses.
pub fn enable_local(tx: &mut Tx<'_>, actor: &Actor<'_>, now: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE identity_provider SET local_disabled = 0 WHERE id = 1 AND local_disabled = 1";
    if tx.execute(sql, values![])? > 0 {
        audit::done(tx, now, actor, "identity.enable_local", "local users", serde_json::Value::Null)?;
    }
    Ok(())
}

pub(crate) fn is_local_disabled(tx: &mut Tx<'_>) -> Result<bool, Failure> {
    Ok(get(tx)?.is_some_and(|provider| provider.settings.enabled && provider.local_disabled))
}
