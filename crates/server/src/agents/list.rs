//! Agents, as people see them: the second opt-in, and the end.

use axum::Json;
use axum::extract::State;
use rampart_store::agent::{self, Agent as Stored};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::{Caller, Role};
use crate::bus::{ChangeKind, Poke};
use crate::input::Segments;
use crate::{Plane, Problem};

/// A program that speaks for a cluster.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    id: String,
    cluster: String,
    /// `joined`, `waiting` or `revoked`.
    state: &'static str,
    version: String,
    protocol: u32,
    certificate_expires: Option<String>,
    last_seen: Option<String>,
    cluster_uid: String,
}

impl From<Stored> for Agent {
    fn from(agent: Stored) -> Self {
        Self {
            id: agent.id,
            cluster: agent.cluster,
            state: agent.state.id(),
            version: agent.version,
            protocol: agent.protocol,
            certificate_expires: agent.certificate_expires.map(|at| at.to_string()),
            last_seen: agent.last_seen.map(|at| at.to_string()),
            cluster_uid: agent.cluster_uid,
        }
    }
}

/// All agents, in one page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agents {
    items: Vec<Agent>,
    next: Option<String>,
}

/// The agents of clusters that the caller sees as a whole.
#[utoipa::path(get, path = "/agents", tag = "agents", responses((status = 200, body = Agents), (status = 401)))]
pub async fn list(State(plane): State<Plane>, caller: Caller) -> Result<Json<Agents>, Problem> {
    let scope = caller.scope(Role::Viewer);
    let found = plane.read(move |tx| agent::list(tx, &scope)).await?;
    Ok(Json(Agents { items: found.into_iter().map(Agent::from).collect(), next: None }))
}

/// Lets an agent in that waits at the door.
#[utoipa::path(post, path = "/agents/{id}/approve", tag = "agents", params(("id" = String, Path)),
    responses((status = 200, body = Agent), (status = 403), (status = 404), (status = 409)))]
pub async fn approve(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Json<Agent>, Problem> {
    caller.require(Role::Admin)?;
    let (scope, now, who) = (caller.scope(Role::Admin), plane.now(), caller.clone());
    let agent = plane.write(move |tx| agent::approve(tx, &scope, &who.actor(), &id, now)).await?;
    plane.bus().publish(ChangeKind::Agent, Some(&agent.cluster));
    Ok(Json(agent.into()))
}

/// Turns an agent out: from now on, nothing that it sends is taken.
#[utoipa::path(post, path = "/agents/{id}/revoke", tag = "agents", params(("id" = String, Path)),
    responses((status = 200, body = Agent), (status = 403), (status = 404), (status = 409)))]
pub async fn revoke(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Json<Agent>, Problem> {
    caller.require(Role::Admin)?;
    let (scope, now, who) = (caller.scope(Role::Admin), plane.now(), caller.clone());
    let agent = plane.write(move |tx| agent::revoke(tx, &scope, &who.actor(), &id, now)).await?;
    plane.bus().publish(ChangeKind::Agent, Some(&agent.cluster));
    // What it waits for is answered with what it has become.
    plane.bus().poke(Poke::Desired);
    Ok(Json(agent.into()))
}
