//! `POST /agent/v1/join` and `/renew`: a token and a cluster's uid for a certificate, and a certificate for the next one.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::AUTHORIZATION;
use jiff::{SignedDuration, Timestamp};
use rampart_protocol::join::Certificate;
use rampart_protocol::{Join, Joined, Renew, Renewed, version};
use rampart_store::agent::{self, Agent, Joining, State as AgentState};
use rampart_store::{Failure, Secret, Tx, cluster, join_token};
use serde::de::DeserializeOwned;

use super::{answer, identity};
use crate::bus::ChangeKind;
use crate::options::check_cluster_name;
use crate::plane::blocking;
use crate::{Plane, Problem};

/// How long a certificate of an agent lives.
const DAYS: i64 = 30;

/// Bytes of a question at the door.
const BODY_BYTES: usize = 32 << 10;

pub(super) async fn join(State(plane): State<Plane>, request: Request) -> Response {
    let joined = let_in(&plane, request).await;
    answer(&plane, "join", joined.map(Json))
}

pub(super) async fn renew(State(plane): State<Plane>, request: Request) -> Response {
    let renewed = certify_anew(&plane, request).await;
    answer(&plane, "renew", renewed.map(Json))
}

async fn let_in(plane: &Plane, request: Request) -> Result<Joined, Problem> {
    let secret = token(&request)?;
    let (_, body) = super::bounded(request, BODY_BYTES).await?;
    let question: Join = read(&body)?;
    version::check_agent(question.protocol).map_err(super::wrong_protocol)?;
    if let Some(name) = &question.cluster {
        check_cluster_name(name).map_err(|why| Problem::invalid("cluster", why))?;
    }
    let key = identity::requested_key(&question.request)?;
    let (store, now, request) = (plane.store().clone(), plane.now(), question.request.clone());
    let agent = blocking(move || store.write(|tx| admit(tx, &secret, &question, &key, now))).await?;
    plane.bus().publish(ChangeKind::Agent, Some(&agent.cluster));
    let certificate = match agent.state {
        AgentState::Joined => Some(certify(plane, &agent, request).await?),
        AgentState::Waiting | AgentState::Revoked => None,
    };
    tracing::info!(agent = %agent.id, cluster = %agent.cluster, waits = certificate.is_none(), "an agent is at the door");
    Ok(Joined { protocol: version::CURRENT, agent: agent.id, cluster: agent.cluster, certificate })
}

/// Takes one use of the token and remembers the agent; one that is known already gets its answer again.
fn admit(tx: &mut Tx<'_>, secret: &Secret, question: &Join, key: &str, now: Timestamp) -> Result<Agent, Failure> {
    if let Some(known) = agent::by_key(tx, key)? {
        if known.state == AgentState::Revoked || known.cluster_uid != question.cluster_uid {
            return Err(Failure::denied("this key is known and may not join: make a new one"));
        }
        return Ok(known);
    }
    let bound = join_token::cluster_of(tx, secret, now)?;
    let name = bound.or_else(|| question.cluster.clone()).ok_or_else(|| {
        Failure::invalid("cluster", "the token is for no cluster in particular: name this one with `--cluster NAME`")
    })?;
    let token = join_token::take(tx, secret, &name, &question.cluster_uid, now)?;
    // A name that was only written down beforehand is free.
    if let Some((source, true)) = cluster::source_of(tx, &name)?
        && source != cluster::Source::Agent
    {
        return Err(Failure::conflict("the plane reads a cluster of this name itself: choose another name"));
    }
    let id = cluster::ensure(tx, &name, cluster::Source::Agent, "agent", now)?;
    cluster::bind(tx, id, &question.cluster_uid)?;
    let joining = Joining {
        cluster_id: id,
        cluster_uid: &question.cluster_uid,
        public_key: key,
        version: &question.agent_version,
        protocol: question.protocol,
        needs_approval: token.needs_approval,
        token: &token.id,
    };
    agent::join(tx, &joining, now)
}

async fn certify_anew(plane: &Plane, request: Request) -> Result<Renewed, Problem> {
    let (parts, body) = super::bounded(request, BODY_BYTES).await?;
    let agent = identity::identify(plane, &parts, &body).await?;
    let question: Renew = read(&body)?;
    version::check_agent(question.protocol).map_err(super::wrong_protocol)?;
    identity::requested_key(&question.request)?;
    let certificate = certify(plane, &agent, question.request).await?;
    tracing::info!(agent = %agent.id, cluster = %agent.cluster, "an agent's certificate is renewed");
    Ok(Renewed { certificate })
}

async fn certify(plane: &Plane, agent: &Agent, request: String) -> Result<Certificate, Problem> {
    let (plane, id, now) = (plane.clone(), agent.id.clone(), plane.now());
    let work = move || {
        let refused = |why: String| Problem::invalid("request", why);
        let signed = plane.authority().sign_agent(&request, &id, DAYS, now).map_err(refused)?;
        let leaf = identity::read_certificate(&signed.der)?;
        plane
            .store()
            .write(|tx| agent::certify(tx, &id, &leaf.key, &signed.serial, signed.not_after))
            .map_err(Problem::from)?;
        let not_before = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        Ok::<_, Problem>(Certificate {
            certificate: signed.pem,
            not_before: not_before.to_string(),
            not_after: signed.not_after.to_string(),
        })
    };
    blocking(work).await
}

fn token(request: &Request) -> Result<Secret, Problem> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let secret = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let secret = secret.map(|(_, secret)| secret.trim()).filter(|secret| secret.starts_with(join_token::PREFIX));
    secret.filter(|secret| secret.len() <= 200).map(Secret::presented).ok_or_else(|| {
        Problem::unauthenticated(
            "the header `authorization` must be `Bearer` and a join token, which begins with `rmj_`",
        )
    })
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::malformed(format!("the body cannot be understood: {error}")))
}
