//! What agents speak to, and what people ask about agents.
//!
//! Which cluster a batch is about follows from who sends it, never from what stands in it. A refusal has its status, is
//! logged once, and leaves nothing behind.

mod door;
mod identity;
mod intake;
mod list;
mod nonces;
mod presence;
#[cfg(test)]
mod tests;
mod tokens;
mod wanted;

use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use rampart_protocol::signature;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::reconcile::{self, Reconciler};
use crate::{Plane, Problem};
use nonces::Nonces;
use presence::Presence;

/// What the plane remembers of agents in this process. Nothing of it is needed after a restart.
pub(crate) struct Memory {
    nonces: Nonces,
    presence: Presence,
    /// Bounds the batches that are unpacked and stored at once.
    turns: Semaphore,
}

/// Batches that are unpacked and stored at once.
const TURNS: usize = 8;

impl Default for Memory {
    fn default() -> Self {
        Self { nonces: Nonces::default(), presence: Presence::default(), turns: Semaphore::new(TURNS) }
    }
}

/// Below `/agent/v1`: for agents alone. Their protocol is no part of the API that is described to people.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .route("/join", post(door::join))
        .route("/renew", post(door::renew))
        .route("/sync", post(intake::synced))
        .route("/batch", post(intake::batch))
        .route("/desired", get(wanted::wanted))
}

/// Below `/api/v1`: join tokens and the list of agents.
pub fn api() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::approve))
        .routes(routes!(list::revoke))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
}

/// Begins to write down which agents were heard of.
pub(crate) fn begin(plane: &Plane) {
    let name = "agents";
    let every = Duration::from_secs(10);
    reconcile::start(plane, Reconciler { name, every, poke: None, alone: false }, presence::write);
}

/// Reads a body that is not longer than it may be.
async fn bounded(request: Request, limit: usize) -> Result<(Parts, Vec<u8>), Problem> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, limit).await;
    let body = body.map_err(|_| Problem::too_large(format!("the body is longer than {limit} bytes, or broke off")))?;
    Ok((parts, body.into()))
}

/// An answer with the plane's time; a refusal is logged here, and only here.
fn answer(plane: &Plane, what: &'static str, outcome: Result<impl IntoResponse, Problem>) -> Response {
    let mut response = match outcome {
        Ok(answer) => answer.into_response(),
        Err(problem) => {
            if problem.status.is_client_error() {
                tracing::warn!(what, status = problem.status.as_u16(), code = problem.code, why = %problem, "refused an agent");
            }
            problem.into_response()
        }
    };
    response.headers_mut().insert(signature::TIME_HEADER, HeaderValue::from(plane.now().as_millisecond()));
    response
}

fn wrong_protocol(why: String) -> Problem {
    Problem::new(StatusCode::UPGRADE_REQUIRED, "protocol", why)
}
