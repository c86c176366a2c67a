//! Join tokens: made by an administrator, shown once, and over soon.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use rampart_store::join_token::{self, JoinToken as Stored, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{Caller, Role};
use crate::input::{Body, Segments};
use crate::options::check_cluster_name;
use crate::{Plane, Problem};

/// What lets an agent in, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JoinToken {
    id: String,
    cluster: Option<String>,
    uses_left: u32,
    expires: String,
    needs_approval: bool,
    created_by: String,
}

impl From<Stored> for JoinToken {
    fn from(token: Stored) -> Self {
        Self {
            id: token.id,
            cluster: token.cluster,
            uses_left: token.uses_left,
            expires: token.expires.to_string(),
            needs_approval: token.needs_approval,
            created_by: token.created_by,
        }
    }
}

/// A join token with its secret and what to run, which are shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewJoinToken {
    #[serde(flatten)]
    token: JoinToken,
    secret: String,
    command: String,
}

/// All tokens, in one page.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinTokens {
    items: Vec<JoinToken>,
    next: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WantedJoinToken {
    /// None: the agent says it.
    #[serde(default)]
    cluster: Option<String>,
    /// 1 to 1000.
    uses: u32,
    /// 1 to 720.
    hours: u32,
    #[serde(default)]
    needs_approval: bool,
    /// The uid of the cluster's namespace `kube-system`: only it may join.
    #[serde(default)]
    uid: Option<String>,
}

/// Tokens that can still be used.
#[utoipa::path(get, path = "/join-tokens", tag = "agents", responses((status = 200, body = JoinTokens), (status = 403)))]
pub async fn list(State(plane): State<Plane>, caller: Caller) -> Result<Json<JoinTokens>, Problem> {
    caller.require(Role::Admin)?;
    let now = plane.now();
    let found = plane.read(move |tx| join_token::list(tx, now)).await?;
    Ok(Json(JoinTokens { items: found.into_iter().map(JoinToken::from).collect(), next: None }))
}

/// Makes a token; its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/join-tokens", tag = "agents", request_body = WantedJoinToken,
    responses((status = 201, body = NewJoinToken), (status = 403), (status = 422)))]
pub async fn create(
    State(plane): State<Plane>,
    caller: Caller,
    Body(wanted): Body<WantedJoinToken>,
) -> Result<Response, Problem> {
    caller.require(Role::Admin)?;
    let cluster = wanted.cluster.filter(|name| !name.is_empty());
    if let Some(name) = &cluster {
        check_cluster_name(name).map_err(|why| Problem::invalid("cluster", why))?;
    }
    let wanted = Wanted {
        cluster,
        uses: wanted.uses,
        hours: wanted.hours,
        needs_approval: wanted.needs_approval,
        uid: wanted.uid.filter(|uid| !uid.is_empty()),
    };
    let (now, who) = (plane.now(), caller.clone());
    let (token, secret) = plane.write(move |tx| join_token::create(tx, &who.actor(), &wanted, now)).await?;
    let command = command(&plane, token.cluster.as_deref(), secret.expose());
    let new = NewJoinToken { token: token.into(), secret: secret.expose().to_owned(), command };
    let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, no_store, Json(new)).into_response())
}

/// What to run where `kubectl` reaches the cluster.
fn command(plane: &Plane, cluster: Option<&str>, secret: &str) -> String {
    let server = match &plane.options().public_url {
        Some(url) => url.clone(),
        None => format!("https://{}", plane.options().listen),
    };
    let cluster = cluster.unwrap_or("CLUSTER");
    format!("rampart agent manifest --server {server} --cluster {cluster} --token {secret} | kubectl apply -f -")
}

/// Makes a token useless.
#[utoipa::path(delete, path = "/join-tokens/{id}", tag = "agents", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn revoke(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    caller.require(Role::Admin)?;
    let (now, who) = (plane.now(), caller.clone());
    plane.write(move |tx| join_token::revoke(tx, &who.actor(), &id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
