//! The plane's own audit trail: who did what, and whether it is as it was written.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use rampart_store::audit::{self, Filter};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::{Asked, Listed};
use crate::auth::{Caller, Role};
use crate::csv::Row;
use crate::input::Params;
use crate::problem::ProblemBody;
use crate::shape::{Page, words};
use crate::{Plane, Problem};

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(verify))
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct TrailEntry {
    seq: u64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    actor: String,
    action: String,
    object: String,
    #[schema(value_type = words::TrailOutcome)]
    outcome: &'static str,
    #[schema(value_type = Object)]
    detail: serde_json::Map<String, serde_json::Value>,
    /// Over this entry and the hash of the one before.
    hash: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Verified {
    /// How many are as they were written, from the first on.
    entries: u64,
    intact: bool,
    broken_at: Option<u64>,
}

/// The trail, the newest first. It speaks of every cluster, so it takes the role over all of them.
#[utoipa::path(get, path = "/trail", tag = "trail",
    params(
        ("actor" = Option<String>, Query), ("action" = Option<String>, Query, description = "An action or the beginning of one, such as `waiver`"),
        ("outcome" = Option<words::TrailOutcome>, Query), ("object" = Option<String>, Query),
        ("cursor" = Option<String>, Query), ("limit" = Option<u16>, Query), ("format" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<TrailEntry>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    caller.require_everywhere(Role::Auditor)?;
    let asked = Asked::of(pairs, &["actor", "action", "outcome", "object"])?;
    let filter = Filter {
        actor: asked.one("actor").map(str::to_owned),
        action: asked.one("action").map(str::to_owned),
        object: asked.one("object").map(str::to_owned),
        outcome: match asked.one("outcome") {
            None => None,
            Some("allowed") => Some(audit::Outcome::Allowed),
            Some("denied") => Some(audit::Outcome::Denied),
            Some("failed") => Some(audit::Outcome::Failed),
            Some(_) => return Err(Problem::invalid("outcome", "use allowed, denied or failed")),
        },
    };
    let load = move |tx: &mut rampart_store::Tx<'_>, cursor: Option<&str>, limit| {
        Ok(Listed::of(audit::list(tx, &filter, cursor, limit)?, TrailEntry::of))
    };
    asked.list(&plane, "trail", load).await
}

/// Checks every entry's hash against the one before.
#[utoipa::path(get, path = "/trail/verify", tag = "trail",
    responses((status = 200, body = Verified), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn verify(State(plane): State<Plane>, caller: Caller) -> Result<Json<Verified>, Problem> {
    caller.require_everywhere(Role::Auditor)?;
    let found = plane.read(audit::verify::verify).await?;
    if let Some(problem) = &found.problem {
        tracing::error!(entry = found.broken_at, problem, "the audit trail is not as it was written");
    }
    Ok(Json(Verified { entries: found.entries, intact: found.intact, broken_at: found.broken_at }))
}

impl TrailEntry {
    fn of(entry: audit::TrailEntry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
            object: entry.object,
            outcome: entry.outcome.id(),
            detail: entry.detail,
            hash: entry.hash,
        }
    }
}

impl Row for TrailEntry {
    const HEAD: &'static [&'static str] = &["seq", "at", "actor", "action", "object", "outcome", "detail", "hash"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.seq.to_string(),
            self.at.to_string(),
            self.actor.clone(),
            self.action.clone(),
            self.object.clone(),
            self.outcome.to_owned(),
            serde_json::to_string(&self.detail).unwrap_or_default(),
            self.hash.clone(),
        ]
    }
}
