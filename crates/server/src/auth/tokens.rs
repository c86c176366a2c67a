//! API tokens: for scripts and programs that act for a person, with less than that person may.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use rampart_store::role::Role;
use rampart_store::{Failure, Kind, token as tokens};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Caller;
use super::shapes::{RoleName, Whole, instant};
use crate::input::{Body, Segments};
use crate::plane::blocking;
use crate::{Plane, Problem};

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    id: String,
    name: String,
    owner: String,
    role: RoleName,
    clusters: Vec<String>,
    namespaces: Vec<String>,
    created: String,
    expires: String,
    last_used: Option<String>,
}

impl From<tokens::Token> for Token {
    fn from(token: tokens::Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            owner: token.owner,
            role: token.role.into(),
            clusters: token.clusters,
            namespaces: token.namespaces,
            created: instant(token.created),
            expires: instant(token.expires),
            last_used: token.last_used.map(instant),
        }
    }
}

/// A token with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewToken {
    #[serde(flatten)]
    token: Token,
    secret: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedToken {
    name: String,
    role: RoleName,
    #[serde(default)]
    clusters: Vec<String>,
    #[serde(default)]
    namespaces: Vec<String>,
    /// RFC 3339, within 366 days.
    expires: String,
}

/// Everybody's for an administrator, one's own for all others.
fn whose(caller: &Caller) -> Option<String> {
    if caller.require(Role::Admin).is_ok() { None } else { Some(caller.principal().id.clone()) }
}

/// The tokens that the caller may see.
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = Whole<Token>), (status = 401)))]
pub async fn list(State(plane): State<Plane>, caller: Caller) -> Result<Json<Whole<Token>>, Problem> {
    let (store, owner) = (plane.store().clone(), whose(&caller));
    let found = blocking(move || store.read(|tx| tokens::list(tx, owner.as_deref()))).await?;
    Ok(Json(Whole::of(found.into_iter().map(Token::from).collect())))
}

/// Makes a token that may at most what the caller may.
#[utoipa::path(
    post, path = "/tokens", tag = "tokens", request_body = WantedToken,
    responses((status = 201, body = NewToken), (status = 401), (status = 403), (status = 422)),
)]
pub async fn create(
    State(plane): State<Plane>,
    caller: Caller,
    Body(wanted): Body<WantedToken>,
) -> Result<Response, Problem> {
    // A token with an end must not outlive it by making others.
    caller.require_session()?;
    let expires: Timestamp = wanted
        .expires
        .parse()
        .map_err(|_| Problem::invalid("expires", "`expires` is no instant such as 2030-01-31T00:00:00Z"))?;
    let wanted = tokens::Wanted {
        name: wanted.name,
        role: wanted.role.into(),
        clusters: wanted.clusters,
        namespaces: wanted.namespaces,
        expires,
    };
    let (store, now) = (plane.store().clone(), plane.now());
    let (token, secret) =
        blocking(move || store.write(|tx| tokens::create(tx, caller.principal(), &wanted, now))).await?;
    let body = NewToken { token: token.into(), secret: secret.expose().to_owned() };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(body)).into_response())
}

/// Ends a token at once.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path)),
    responses((status = 204), (status = 401), (status = 404)),
)]
pub async fn revoke(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    let (store, now, owner) = (plane.store().clone(), plane.now(), whose(&caller));
    let gone = blocking(move || {
        let gone = store.write(|tx| tokens::revoke(tx, &caller.actor(), &id, owner.as_deref(), now));
        match gone {
            Ok(()) => Ok::<_, Failure>(true),
            Err(failure) if failure.kind == Kind::Missing => Ok(false),
            Err(failure) => Err(failure),
        }
    })
    .await?;
    if gone { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("there is no such token of yours")) }
}
