//! What was sent, what waits, and what nobody could deliver.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use rampart_store::Kind;
use rampart_store::delivery::{self, State as Stage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::{Caller, Role};
use crate::bus::{ChangeKind, Poke};
use crate::input::{Params, Segments};
use crate::{Plane, Problem};

/// One message to one route.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    id: String,
    route: String,
    at: String,
    /// `pending`, `sent` or `dead`.
    state: &'static str,
    attempts: u32,
    next_attempt: Option<String>,
    problem: Option<String>,
    summary: String,
}

/// A step of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deliveries {
    items: Vec<Delivery>,
    next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `pending`, `sent` or `dead`.
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// The newest first.
#[utoipa::path(get, path = "/notifications/deliveries", tag = "notifications", params(Asked), responses((status = 200, body = Deliveries), (status = 403)))]
pub async fn list(
    State(plane): State<Plane>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<Deliveries>, Problem> {
    caller.require(Role::Admin)?;
    let stage: Option<Stage> = match asked.state.as_deref().filter(|state| !state.is_empty()) {
        Some(state) => Some(state.parse().map_err(|message: String| Problem::invalid("state", message))?),
        None => None,
    };
    let limit = asked.limit.unwrap_or(100).clamp(1, rampart_store::page::LARGEST);
    let page = plane.read(move |tx| delivery::list::list(tx, stage, asked.cursor.as_deref(), limit)).await?;
    let shown = |one: delivery::Delivery| Delivery {
        id: one.id,
        route: one.route,
        at: one.at.to_string(),
        state: one.state.id(),
        attempts: one.attempts,
        next_attempt: one.next_attempt.map(|at| at.to_string()),
        problem: one.problem,
        summary: super::message::plain(&one.summary),
    };
    Ok(Json(Deliveries { items: page.items.into_iter().map(shown).collect(), next: page.next }))
}

/// Sends a dead letter once more.
#[utoipa::path(
    post, path = "/notifications/deliveries/{id}/retry", tag = "notifications", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)),
)]
pub async fn retry(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    caller.require(Role::Admin)?;
    let now = plane.now();
    let done = plane.write(move |tx| match delivery::list::retry(tx, &caller.actor(), &id, now) {
        Err(failure) if failure.kind == Kind::Missing => Ok(false),
        other => other.map(|()| true),
    });
    if !done.await? {
        return Err(Problem::not_found("there is no such dead letter"));
    }
    plane.bus().poke(Poke::Deliveries);
    plane.bus().publish(ChangeKind::Delivery, None);
    Ok(StatusCode::NO_CONTENT)
}
