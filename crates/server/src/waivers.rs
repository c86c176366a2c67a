//! Waivers: asked for by those who see the findings, decided by operators, never by who asked.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use rampart_store::waiver::read::Filter;
use rampart_store::waiver::{self, Decision, request};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::{Asked, Listed};
use crate::auth::{Caller, Role};
use crate::bus::{ChangeKind, Poke};
use crate::csv::Row;
use crate::input::{Body, Params, Segments};
use crate::problem::ProblemBody;
use crate::shape::Page;
use crate::shape::waiver::Waiver;
use crate::{Plane, Problem};

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .routes(routes!(list, ask))
        .routes(routes!(ask_for_many))
        .routes(routes!(approve))
        .routes(routes!(reject))
        .routes(routes!(revoke))
}

/// Waivers in the caller's scope, the newest first.
#[utoipa::path(get, path = "/waivers", tag = "waivers",
    params(
        ("state" = Option<Vec<crate::shape::words::WaiverState>>, Query),
        ("rule" = Option<String>, Query),
        ("cluster" = Option<String>, Query, description = "Waivers that cover this cluster"),
        ("cursor" = Option<String>, Query), ("limit" = Option<u16>, Query), ("format" = Option<String>, Query, description = "`json` or `csv`"),
    ),
    responses((status = 200, body = Page<Waiver>), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = Asked::of(pairs, &["state", "rule", "cluster"])?;
    let filter = Filter {
        states: asked.words("state")?,
        rule: asked.one("rule").map(str::to_owned),
        cluster: asked.one("cluster").map(str::to_owned),
    };
    let scope = caller.scope(Role::Viewer);
    asked
        .list(&plane, "waivers", move |tx, cursor, limit| {
            let step = waiver::read::list(tx, &scope, &filter, cursor, limit)?;
            let mut items = Vec::with_capacity(step.items.len());
            for waiver in step.items {
                let matches = waiver::matches::count(tx, &scope, &waiver)?;
                items.push(Waiver::of(waiver, matches));
            }
            Ok(Listed { items, next: step.next, total: None })
        })
        .await
}

/// What somebody wants to be excused.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wish {
    rule: String,
    #[serde(default)]
    clusters: Vec<String>,
    kind: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    key: Option<String>,
    reason: String,
    owner: String,
    /// The last day on which it holds, `YYYY-MM-DD`.
    expires: String,
}

/// Asks for a waiver. Somebody else decides.
#[utoipa::path(post, path = "/waivers", tag = "waivers", request_body = Wish,
    responses((status = 201, body = Waiver), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn ask(
    State(plane): State<Plane>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Result<(StatusCode, Json<Waiver>), Problem> {
    caller.require(Role::Viewer)?;
    let request = request::Request {
        rule: wish.rule,
        clusters: wish.clusters,
        kind: some(wish.kind),
        namespace: some(wish.namespace),
        name: some(wish.name),
        key: some(wish.key),
        reason: wish.reason,
        owner: wish.owner,
        expires: day(&wish.expires)?,
    };
    let (scope, now) = (caller.scope(Role::Viewer), plane.now());
    let made = plane
        .write(move |tx| {
            let waiver = waiver::request::request(tx, &scope, &caller.actor(), &request, now)?;
            let matches = waiver::matches::count(tx, &scope, &waiver)?;
            Ok(Waiver::of(waiver, matches))
        })
        .await?;
    plane.bus().publish(ChangeKind::Waiver, None);
    Ok((StatusCode::CREATED, Json(made)))
}

/// Findings that somebody ticked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ticked {
    findings: Vec<Tick>,
    reason: String,
    owner: String,
    /// The last day on which they hold, `YYYY-MM-DD`.
    expires: String,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Tick {
    cluster: String,
    fingerprint: String,
}

/// Asks for a waiver for each rule and subject among up to 500 findings.
#[utoipa::path(post, path = "/waivers/bulk", tag = "waivers", request_body = Ticked,
    responses((status = 201, body = Page<Waiver>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn ask_for_many(
    State(plane): State<Plane>,
    caller: Caller,
    Body(ticked): Body<Ticked>,
) -> Result<(StatusCode, Json<Page<Waiver>>), Problem> {
    caller.require(Role::Viewer)?;
    let selected = |tick: Tick| request::Selected { cluster: tick.cluster, fingerprint: tick.fingerprint };
    let bulk = request::Bulk {
        findings: ticked.findings.into_iter().map(selected).collect(),
        reason: ticked.reason,
        owner: ticked.owner,
        expires: day(&ticked.expires)?,
    };
    let (scope, now) = (caller.scope(Role::Viewer), plane.now());
    let made = plane
        .write(move |tx| {
            let mut items = Vec::new();
            for waiver in waiver::request::request_for(tx, &scope, &caller.actor(), &bulk, now)? {
                let matches = waiver::matches::count(tx, &scope, &waiver)?;
                items.push(Waiver::of(waiver, matches));
            }
            Ok(items)
        })
        .await?;
    plane.bus().publish(ChangeKind::Waiver, None);
    Ok((StatusCode::CREATED, Json(Page::whole(made))))
}

/// Why somebody decided so.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Comment {
    #[serde(default)]
    comment: String,
}

/// Approves a waiver: from the next evaluation on, its findings are waived.
#[utoipa::path(post, path = "/waivers/{id}/approve", tag = "waivers", params(("id" = String, Path)), request_body = Comment,
    responses((status = 200, body = Waiver), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn approve(
    state: State<Plane>,
    caller: Caller,
    id: Segments<String>,
    comment: Body<Comment>,
) -> Result<Json<Waiver>, Problem> {
    decide(state, caller, id, comment, Decision::Approve).await
}

/// Rejects a waiver.
#[utoipa::path(post, path = "/waivers/{id}/reject", tag = "waivers", params(("id" = String, Path)), request_body = Comment,
    responses((status = 200, body = Waiver), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn reject(
    state: State<Plane>,
    caller: Caller,
    id: Segments<String>,
    comment: Body<Comment>,
) -> Result<Json<Waiver>, Problem> {
    decide(state, caller, id, comment, Decision::Reject).await
}

async fn decide(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
    Body(Comment { comment }): Body<Comment>,
    decision: Decision,
) -> Result<Json<Waiver>, Problem> {
    caller.require(Role::Operator)?;
    let (scope, now) = (caller.scope(Role::Operator), plane.now());
    let decided = plane
        .write(move |tx| {
            let waiver = waiver::decide::decide(tx, &scope, &caller.actor(), &id, decision, &comment, now)?;
            let matches = waiver::matches::count(tx, &scope, &waiver)?;
            Ok(Waiver::of(waiver, matches))
        })
        .await?;
    told(&plane);
    Ok(Json(decided))
}

/// Ends a waiver: from the next evaluation on, its findings count again.
#[utoipa::path(post, path = "/waivers/{id}/revoke", tag = "waivers", params(("id" = String, Path)), request_body = Comment,
    responses((status = 200, body = Waiver), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn revoke(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
    Body(Comment { comment }): Body<Comment>,
) -> Result<Json<Waiver>, Problem> {
    // Who asked may take it back, whatever the role.
    let role = if caller.require(Role::Operator).is_ok() { Role::Operator } else { Role::Viewer };
    let (scope, now) = (caller.scope(role), plane.now());
    let revoked = plane
        .write(move |tx| {
            let seen = waiver::read::get(tx, &scope, &id)?;
            if role < Role::Operator && seen.requester != caller.actor().id {
                return Err(rampart_store::Failure::new(
                    rampart_store::Kind::Denied,
                    "your role does not allow this: it takes the role operator, unless you asked for the waiver",
                ));
            }
            let waiver = waiver::decide::revoke(tx, &scope, &caller.actor(), &id, &comment, now)?;
            let matches = waiver::matches::count(tx, &scope, &waiver)?;
            Ok(Waiver::of(waiver, matches))
        })
        .await?;
    told(&plane);
    Ok(Json(revoked))
}

fn told(plane: &Plane) {
    plane.bus().publish(ChangeKind::Waiver, None);
    plane.bus().poke(Poke::Sources);
    plane.bus().poke(Poke::Desired);
}

fn day(text: &str) -> Result<jiff::civil::Date, Problem> {
    text.parse().map_err(|_| Problem::invalid("expires", "give a day such as 2027-03-31"))
}

fn some(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

impl Waiver {
    pub(crate) fn of(waiver: waiver::Waiver, matches: u64) -> Self {
        Self {
            id: waiver.id,
            rule: waiver.rule,
            clusters: waiver.clusters,
            kind: waiver.kind,
            namespace: waiver.namespace,
            name: waiver.name,
            key: waiver.key,
            reason: waiver.reason,
            owner: waiver.owner,
            expires: waiver.expires.to_string(),
            state: waiver.state.id(),
            requested_by: waiver.requested_by,
            requested_at: waiver.requested_at,
            decided_by: waiver.decided_by,
            decided_at: waiver.decided_at,
            comment: waiver.comment,
            matches,
        }
    }
}

impl Row for Waiver {
    const HEAD: &'static [&'static str] = &[
        "id",
        "rule",
        "clusters",
        "kind",
        "namespace",
        "name",
        "key",
        "reason",
        "owner",
        "expires",
        "state",
        "requestedBy",
        "requestedAt",
        "decidedBy",
        "decidedAt",
        "comment",
        "matches",
    ];

    fn cells(&self) -> Vec<String> {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        vec![
            self.id.clone(),
            self.rule.clone(),
            self.clusters.join(" "),
            text(&self.kind),
            text(&self.namespace),
            text(&self.name),
            text(&self.key),
            self.reason.clone(),
            self.owner.clone(),
            self.expires.clone(),
            self.state.to_owned(),
            self.requested_by.clone(),
            self.requested_at.to_string(),
            text(&self.decided_by),
            self.decided_at.map(|at| at.to_string()).unwrap_or_default(),
            text(&self.comment),
            self.matches.to_string(),
        ]
    }
}
