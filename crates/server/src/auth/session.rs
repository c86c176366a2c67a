//! The session of whoever is signed in, and how one signs in and out.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use rampart_store::{Failure, audit, first_run, identity_provider, session as sessions, token};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{By, source};
use super::shapes::{GrantBody, RoleName, grants, instant};
use super::{Caller, cookie};
use crate::plane::blocking;
use crate::{Plane, Problem};

/// The ways to sign in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Methods {
    /// By name and password.
    local: bool,
    oidc: Option<ProviderName>,
    /// Nobody exists yet: the link that the plane printed makes the first administrator.
    first_run: bool,
    version: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderName {
    name: String,
}

/// How one may sign in.
#[utoipa::path(get, path = "/auth/methods", tag = "sign-in", responses((status = 200, body = Methods)))]
pub async fn methods(State(plane): State<Plane>) -> Result<Json<Methods>, Problem> {
    let store = plane.store().clone();
    let (done, provider) =
        blocking(move || store.read(|tx| Ok((first_run::is_done(tx)?, identity_provider::get(tx)?)))).await?;
    let provider = provider.filter(|provider| provider.settings.enabled);
    Ok(Json(Methods {
        local: done && !provider.as_ref().is_some_and(|provider| provider.local_disabled),
        oidc: provider.map(|provider| ProviderName { name: provider.settings.name }),
        first_run: !done,
        version: plane.version().to_owned(),
    }))
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    user: SessionUser,
    grants: Vec<GrantBody>,
    /// The highest role anywhere.
    role: RoleName,
    /// To be repeated in the header `x-rampart-csrf` of requests that change something; empty for tokens, which need none.
    csrf: String,
    expires: String,
    version: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUser {
    id: String,
    name: String,
    email: Option<String>,
    /// `local`, `oidc` or `token`.
    source: String,
}

/// Who is signed in, what they may do, and until when.
#[utoipa::path(get, path = "/session", tag = "sign-in", responses((status = 200, body = Session), (status = 401)))]
pub async fn session(State(plane): State<Plane>, caller: Caller) -> Result<Response, Problem> {
    let (csrf, expires) = match caller.by() {
        By::Session { csrf, expires } => (csrf.0.clone(), *expires),
        By::Token(id) => {
            let (store, id, owner) = (plane.store().clone(), id.clone(), caller.principal().id.clone());
            let tokens = blocking(move || store.read(|tx| token::list(tx, Some(&owner)))).await?;
            let found = tokens.into_iter().find(|token| token.id == id);
            (String::new(), found.map_or_else(|| plane.now(), |token| token.expires))
        }
    };
    let principal = caller.principal();
    // Whoever lost every role keeps the session, but may do nothing with it.
    let role = principal.role().ok_or_else(|| Problem::forbidden("you have no role: ask an administrator"))?;
    let user = SessionUser {
        id: principal.id.clone(),
        name: principal.name.clone(),
        email: principal.email.clone(),
        source: source(principal.source).to_owned(),
    };
    let session = Session {
        user,
        grants: grants(principal.grants.clone()),
        role: role.into(),
        csrf,
        expires: instant(expires),
        version: plane.version().to_owned(),
    };
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(session)).into_response())
}

/// Ends the session. With a token it ends the token: `rampart logout`.
#[utoipa::path(post, path = "/auth/logout", tag = "sign-in", responses((status = 204), (status = 401)))]
pub async fn sign_out(
    State(plane): State<Plane>,
    headers: http::HeaderMap,
    caller: Caller,
) -> Result<Response, Problem> {
    let (store, now) = (plane.store().clone(), plane.now());
    match caller.by().clone() {
        By::Token(id) => {
            let owner = caller.principal().id.clone();
            blocking(move || store.write(|tx| token::revoke(tx, &caller.actor(), &id, Some(&owner), now))).await?;
        }
        By::Session { .. } => {
            let secret = cookie::read(&headers, cookie::SESSION);
            blocking(move || {
                store.write(|tx| {
                    if let Some(secret) = &secret
                        && sessions::end(tx, secret)?
                    {
                        let deed = audit::Deed {
                            actor: caller.name(),
                            action: "session.end",
                            object: caller.name(),
                            outcome: audit::Outcome::Allowed,
                            detail: serde_json::Map::new(),
                        };
                        audit::append(tx, now, &deed)?;
                    }
                    Ok::<_, Failure>(())
                })
            })
            .await?;
        }
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(gone) = cookie::clear(cookie::SESSION) {
        response.headers_mut().append(SET_COOKIE, gone);
    }
    Ok(response)
}
