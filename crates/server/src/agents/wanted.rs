//! `GET /agent/v1/desired`: what the plane wants of an agent, as soon as it is newer than what the agent knows.

use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::{Json, extract};
use http::StatusCode;
use rampart_protocol::Desired;
use rampart_store::agent::{self, State};
use rampart_store::desired;

use super::{answer, identity};
use crate::bus::Poke;
use crate::{Plane, Problem};

/// How long a question is kept open.
const PATIENCE: Duration = Duration::from_secs(25);

/// How often to look without being told: another replica may have changed something.
const LOOK: Duration = Duration::from_secs(5);

pub(super) async fn wanted(extract::State(plane): extract::State<Plane>, request: Request) -> Response {
    let wanted = wait(&plane, request).await;
    answer(
        &plane,
        "desired",
        wanted.map(|wanted| match wanted {
            Some(wanted) => Json(wanted).into_response(),
            None => StatusCode::NO_CONTENT.into_response(),
        }),
    )
}

async fn wait(plane: &Plane, request: Request) -> Result<Option<Desired>, Problem> {
    let (parts, body) = super::bounded(request, 0).await?;
    let agent = identity::identify(plane, &parts, &body).await?;
    let known = known(parts.uri.query())?;
    plane.agents().presence.seen(&agent, None, plane.now());
    let mut pokes = plane.bus().pokes(Poke::Desired);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        pokes.borrow_and_update();
        let (id, now) = (agent.cluster_id, plane.now());
        let version = plane.read(move |tx| desired::version(tx, id)).await?;
        // A version that is not the agent's is news, also where a backup set it back.
        if known != Some(version) {
            return plane.read(move |tx| desired::of(tx, id, now)).await.map(Some);
        }
        let look = deadline.min(tokio::time::Instant::now() + LOOK);
        tokio::select! {
            // The sender lives as long as the plane.
            _ = pokes.changed() => {}
            () = tokio::time::sleep_until(look) => {}
            () = plane.stop().cancelled() => return Ok(None),
        }
        let id = agent.id.clone();
        let is_still_in =
            plane.read(move |tx| Ok(agent::by_id(tx, &id)?.is_some_and(|now| now.state == State::Joined)));
        if tokio::time::Instant::now() >= deadline || !is_still_in.await? {
            // The next question is answered with what the agent has become.
            return Ok(None);
        }
    }
}

/// `after=VERSION`.
fn known(query: Option<&str>) -> Result<Option<u64>, Problem> {
    let after = query.into_iter().flat_map(|query| query.split('&')).find_map(|part| part.strip_prefix("after="));
    let number = |text: &str| text.parse().map_err(|_| Problem::malformed("`after` is no version"));
    after.map(number).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_read_from_the_query() {
        assert_eq!(known(None), Ok(None));
        assert_eq!(known(Some("x=1&after=7")), Ok(Some(7)));
        assert!(known(Some("after=x")).is_err());
    }
}
