//! `POST /agent/v1/sync` and `/batch`: what agents found, for the cluster that their identity names.

use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use rampart_protocol::{Ack, Batch, Sync, Synced, codec, version};
use rampart_store::agent::Agent;
use rampart_store::{desired, sync};
use serde::de::DeserializeOwned;

use super::{answer, identity};
use crate::bus::{ChangeKind, Poke};
use crate::plane::blocking;
use crate::{Plane, Problem};

/// How long a batch waits for its turn before the agent is asked to come back.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn synced(State(plane): State<Plane>, request: Request) -> Response {
    let synced = compare(&plane, request).await;
    answer(&plane, "sync", synced.map(Json))
}

pub(super) async fn batch(State(plane): State<Plane>, request: Request) -> Response {
    let acknowledged = take(&plane, request).await;
    answer(&plane, "batch", acknowledged.map(Json))
}

async fn compare(plane: &Plane, request: Request) -> Result<Synced, Problem> {
    let (agent, body) = open(plane, request).await?;
    let question: Sync = decode(body).await?;
    version::check_agent(question.protocol).map_err(super::wrong_protocol)?;
    plane.agents().presence.seen(&agent, Some((&question.agent_version, question.protocol)), plane.now());
    let id = agent.cluster_id;
    let compared = plane.read(move |tx| Ok((sync::compare(tx, id, &question)?, desired::version(tx, id)?))).await?;
    let (synced, desired) = compared;
    Ok(Synced { desired, ..synced })
}

async fn take(plane: &Plane, request: Request) -> Result<Ack, Problem> {
    let (agent, body) = open(plane, request).await?;
    let turn = tokio::time::timeout(PATIENCE, plane.agents().turns.acquire()).await;
    let _turn = turn.map_err(|_| Problem::unavailable("the plane is busy taking in: try again in a moment"))?;
    let batch: Batch = decode(body).await?;
    version::check_agent(batch.protocol).map_err(super::wrong_protocol)?;
    let now = plane.now();
    plane.agents().presence.seen(&agent, None, now);
    let (store, id) = (plane.store().clone(), agent.cluster_id);
    let records = batch.upserts.len().saturating_add(batch.removes.len());
    let (ingested, desired) = blocking(move || {
        let ingested = store.ingest(id, &batch, now)?;
        Ok::<_, rampart_store::Failure>((ingested, store.read(|tx| desired::version(tx, id))?))
    })
    .await?;
    if ingested.changed {
        plane.metrics().ingested("agent", u64::try_from(records).unwrap_or(u64::MAX));
        plane.bus().publish(ChangeKind::Evaluation, Some(&agent.cluster));
    }
    if !ingested.drift.is_empty() {
        plane.bus().publish(ChangeKind::Finding, Some(&agent.cluster));
        plane.bus().poke(Poke::Deliveries);
    }
    Ok(Ack { desired, ..ingested.ack })
}

/// The body, still as it was sent, and who sent it.
async fn open(plane: &Plane, request: Request) -> Result<(Agent, Vec<u8>), Problem> {
    let media = request.headers().get(CONTENT_TYPE).map(|media| media.as_bytes().to_vec());
    let (parts, body) = super::bounded(request, codec::MAX_BYTES).await?;
    let agent = identity::identify(plane, &parts, &body).await?;
    if media.as_deref() != Some(codec::MEDIA_TYPE.as_bytes()) {
        let message = format!("the body must be `{}`", codec::MEDIA_TYPE);
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", message));
    }
    Ok((agent, body))
}

/// Unpacks a body where it holds up nobody. It is bounded before and after.
async fn decode<T: DeserializeOwned + Send + 'static>(body: Vec<u8>) -> Result<T, Problem> {
    blocking(move || {
        codec::decode(&body)
            .map_err(|why| if why.contains("larger than") { Problem::too_large(why) } else { Problem::malformed(why) })
    })
    .await
}
