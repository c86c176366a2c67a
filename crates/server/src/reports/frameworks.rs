//! Compliance frameworks: those of the program and those that people brought, answered from what rules saw.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::StringRejection;
use axum::response::IntoResponse;
use http::StatusCode;
use rampart_report::framework::{Framework, builtin, read};
use rampart_store::{Failure, Tx, framework as stored};
use serde::Deserialize;
use utoipa::IntoParams;

use super::build::{Wanted, seen, states};
use super::shapes::{All, FrameworkBrief, FrameworkView, brief, view};
use crate::auth::{Caller, Role};
use crate::input::{Params, Segments};
use crate::{Plane, Problem};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A cluster; without one, all that the caller may see.
    cluster: Option<String>,
}

/// Every framework and whether it is one's own. A stored one that this version cannot read is left out and logged.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<(Framework, bool)>, Failure> {
    let mut all: Vec<(Framework, bool)> = builtin().iter().map(|framework| (framework.clone(), false)).collect();
    for own in stored::list(tx)? {
        // Rules that are gone since are no reason to hide what somebody brought.
        match read(&own.id, &own.text, &[]) {
            Ok(framework) => all.push((framework, true)),
            Err(doubts) => {
                let doubt = doubts.first().map(ToString::to_string).unwrap_or_default();
                tracing::warn!(framework = own.id, doubt, "a stored framework cannot be read");
            }
        }
    }
    Ok(all)
}

/// # Errors
/// There is no such framework, or the database fails.
pub(super) fn one(tx: &mut Tx<'_>, id: &str) -> Result<(Framework, bool), Failure> {
    let found = all(tx)?.into_iter().find(|(framework, _)| framework.id == id);
    found.ok_or_else(|| Failure::missing(format!("framework `{}`", id.escape_debug())))
}

fn wanted(plane: &Plane, caller: &Caller, cluster: Option<String>) -> Wanted {
    Wanted {
        scope: caller.scope(Role::Viewer),
        cluster: cluster.filter(|name| !name.is_empty()),
        framework: None,
        sums: false,
        now: plane.now(),
    }
}

/// Every framework by its counts.
#[utoipa::path(get, path = "/frameworks", tag = "frameworks", params(Asked), responses((status = 200, body = All<FrameworkBrief>), (status = 401)))]
pub async fn list(
    State(plane): State<Plane>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<All<FrameworkBrief>>, Problem> {
    let wanted = wanted(&plane, &caller, asked.cluster);
    let (all, states) = plane.read(move |tx| Ok((all(tx)?, states(tx, &wanted)?))).await?;
    let seen = seen(plane.rules(), &states);
    Ok(Json(All::of(all.iter().map(|(framework, own)| brief(&framework.assess(&seen), *own)).collect())))
}

/// One framework with every requirement, those that nobody answers too.
#[utoipa::path(
    get, path = "/frameworks/{id}", tag = "frameworks", params(("id" = String, Path), Asked),
    responses((status = 200, body = FrameworkView), (status = 401), (status = 404)),
)]
pub async fn show(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
    Params(asked): Params<Asked>,
) -> Result<Json<FrameworkView>, Problem> {
    let wanted = wanted(&plane, &caller, asked.cluster);
    let ((framework, own), states) = plane.read(move |tx| Ok((one(tx, &id)?, states(tx, &wanted)?))).await?;
    let seen = seen(plane.rules(), &states);
    Ok(Json(view(framework.assess(&seen), own)))
}

/// Brings a framework of one's own, or a newer text of it; its form is `rampart.framework/v1`, in YAML or JSON.
#[utoipa::path(
    post, path = "/frameworks", tag = "frameworks", request_body(content = String, content_type = "text/yaml"),
    responses((status = 201, body = FrameworkBrief), (status = 403), (status = 422)),
)]
pub async fn put(
    State(plane): State<Plane>,
    caller: Caller,
    text: Result<String, StringRejection>,
) -> Result<impl IntoResponse, Problem> {
    caller.require_everywhere(Role::Operator)?;
    let text = text.map_err(|rejection| Problem::new(rejection.status(), "malformed", rejection.body_text()))?;
    let framework = read("framework", &text, plane.rules()).map_err(|doubts| {
        let lines: Vec<String> = doubts.iter().take(20).map(ToString::to_string).collect();
        Problem::invalid("text", lines.join("\n"))
    })?;
    if builtin().iter().any(|known| known.id == framework.id) {
        return Err(Problem::conflict(format!("`{}` is a framework of Rampart: give yours another id", framework.id)));
    }
    let now = plane.now();
    let (kept, wanted) = (framework.clone(), wanted(&plane, &caller, None));
    let states = plane
        .write(move |tx| {
            let names = (kept.id.as_str(), kept.title.as_str(), kept.version.as_str());
            stored::put(tx, &caller.actor(), names, &text, now)?;
            states(tx, &wanted)
        })
        .await?;
    let seen = seen(plane.rules(), &states);
    Ok((StatusCode::CREATED, Json(brief(&framework.assess(&seen), true))))
}

/// Forgets a framework of one's own.
#[utoipa::path(
    delete, path = "/frameworks/{id}", tag = "frameworks", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)),
)]
pub async fn remove(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    caller.require_everywhere(Role::Operator)?;
    if builtin().iter().any(|known| known.id == id) {
        return Err(Problem::conflict("a framework of Rampart itself cannot be removed"));
    }
    let now = plane.now();
    plane.write(move |tx| stored::remove(tx, &caller.actor(), &id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
