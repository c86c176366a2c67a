//! The identity provider: set up, tried out, changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::{HeaderMap, Uri};
use rampart_store::identity_provider::{IdentityProvider, Settings};
use rampart_store::role::Role;
use rampart_store::{Concealed, identity_provider};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::oidc::fetch::check_address;
use super::oidc::{Registration, provider};
use super::sign_in::CALLBACK;
use super::{Caller, door};
use crate::input::Body;
use crate::plane::blocking;
use crate::{Plane, Problem};

/// The identity provider, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    name: String,
    issuer: String,
    client_id: String,
    has_secret: bool,
    scopes: Vec<String>,
    groups_claim: String,
    enabled: bool,
    /// An administrator has come in through the provider, so that passwords are not taken any more.
    local_disabled: bool,
    /// To be registered with the provider.
    redirect_uri: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityChange {
    /// What the button says.
    name: String,
    issuer: String,
    client_id: String,
    /// Left out: as before. Empty: a public client.
    client_secret: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    groups_claim: String,
    enabled: bool,
}

/// What the provider says of itself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityTest {
    ok: bool,
    /// For a person: what works, or what does not and what to do.
    message: String,
    authorization_endpoint: Option<String>,
    /// How many keys it signs with.
    keys: usize,
}

/// The provider as the sign-in flow needs it.
pub fn registration(settings: Settings, secret: Option<Concealed>, base: &str) -> Registration {
    Registration {
        issuer: settings.issuer,
        client_id: settings.client_id,
        client_secret: secret.map(Arc::new),
        scopes: settings.scopes,
        groups_claim: settings.groups_claim,
        redirect_uri: format!("{base}{CALLBACK}"),
    }
}

fn shown(provider: Option<IdentityProvider>, base: &str) -> Identity {
    let redirect_uri = format!("{base}{CALLBACK}");
    let Some(provider) = provider else {
        return Identity {
            name: String::new(),
            issuer: String::new(),
            client_id: String::new(),
            has_secret: false,
            scopes: ["openid", "profile", "email", "groups"].map(str::to_owned).to_vec(),
            groups_claim: "groups".to_owned(),
            enabled: false,
            local_disabled: false,
            redirect_uri,
        };
    };
    let settings = provider.settings;
    Identity {
        name: settings.name,
        issuer: settings.issuer,
        client_id: settings.client_id,
        has_secret: provider.has_secret,
        scopes: settings.scopes,
        groups_claim: settings.groups_claim,
        local_disabled: settings.enabled && provider.local_disabled,
        enabled: settings.enabled,
        redirect_uri,
    }
}

/// The identity provider; empty where none was set up yet.
#[utoipa::path(get, path = "/identity", tag = "identity", responses((status = 200, body = Identity), (status = 403)))]
pub async fn get(
    State(plane): State<Plane>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Json<Identity>, Problem> {
    caller.require(Role::Admin)?;
    let store = plane.store().clone();
    let provider = blocking(move || store.read(identity_provider::get)).await?;
    Ok(Json(shown(provider, &door::base(&plane, &uri, &headers))))
}

/// Sets the identity provider up. Local users may sign in again until an administrator came in through it.
#[utoipa::path(
    put, path = "/identity", tag = "identity", request_body = IdentityChange,
    responses((status = 200, body = Identity), (status = 403), (status = 422)),
)]
pub async fn change(
    State(plane): State<Plane>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
    Body(change): Body<IdentityChange>,
) -> Result<Json<Identity>, Problem> {
    caller.require(Role::Admin)?;
    let (settings, secret) = checked(change)?;
    let (plane_, now) = (plane.clone(), plane.now());
    let made = blocking(move || {
        plane_.store().write(|tx| {
            let secret = secret.as_ref().map(Concealed::expose);
            identity_provider::change(tx, &caller.actor(), &settings, secret, &plane_.sign_in().seal, now)
        })
    })
    .await?;
    Ok(Json(shown(Some(made), &door::base(&plane, &uri, &headers))))
}

/// Asks the provider for its own description, without storing anything. It does not sign in: the proof of that is a sign-in.
#[utoipa::path(
    post, path = "/identity/test", tag = "identity", request_body = Option<IdentityChange>,
    responses((status = 200, body = IdentityTest), (status = 403), (status = 422)),
)]
pub async fn test(
    State(plane): State<Plane>,
    caller: Caller,
    body: axum::body::Bytes,
) -> Result<Json<IdentityTest>, Problem> {
    caller.require(Role::Admin)?;
    // Without a body the stored one is meant.
    let issuer = if body.is_empty() {
        let store = plane.store().clone();
        let provider = blocking(move || store.read(identity_provider::get)).await?;
        provider.ok_or_else(|| Problem::not_found("no identity provider is set up yet"))?.settings.issuer
    } else {
        let change = serde_json::from_slice(&body).map_err(|error| Problem::malformed(error.to_string()))?;
        checked(change)?.0.issuer
    };
    let found = provider::discover(plane.sign_in().providers.fetch(), &issuer).await;
    Ok(Json(match found {
        Ok(metadata) if metadata.jwks().keys().is_empty() => IdentityTest {
            ok: false,
            message: "the provider answers, but publishes no key that it signs with".to_owned(),
            authorization_endpoint: Some(metadata.authorization_endpoint().to_string()),
            keys: 0,
        },
        Ok(metadata) => IdentityTest {
            ok: true,
            message: "the provider answers; sign in with it to see that client and groups are right".to_owned(),
            authorization_endpoint: Some(metadata.authorization_endpoint().to_string()),
            keys: metadata.jwks().keys().len(),
        },
        Err(failure) => IdentityTest { ok: false, message: failure.to_string(), authorization_endpoint: None, keys: 0 },
    }))
}

fn checked(change: IdentityChange) -> Result<(Settings, Option<Concealed>), Problem> {
    let issuer = change.issuer.trim().to_owned();
    check_address(&issuer).map_err(|why| Problem::invalid("issuer", why))?;
    let word = |scope: &String| {
        !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    };
    if !change.scopes.iter().all(word) {
        return Err(Problem::invalid("scopes", "a scope is a word without spaces or quotes: give each one by itself"));
    }
    if change.client_secret.as_ref().is_some_and(|secret| secret.len() > 4096) {
        return Err(Problem::invalid("clientSecret", "the client secret is longer than 4096 bytes"));
    }
    let settings = Settings {
        name: change.name.trim().to_owned(),
        issuer,
        client_id: change.client_id.trim().to_owned(),
        scopes: change.scopes,
        groups_claim: change.groups_claim.trim().to_owned(),
        enabled: change.enabled,
    };
    Ok((settings, change.client_secret.map(Concealed::new)))
}
