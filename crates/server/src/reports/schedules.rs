//! Reports by the clock: asked for, listed, and the latest one fetched. They hold all clusters, so that only who may see
//! all of them has to do with them.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use rampart_store::report_schedule;

use super::shapes::{All, Schedule, WantedSchedule};
use super::{download, frameworks, written};
use crate::auth::{Caller, Role};
use crate::input::{Body, Segments};
use crate::plane::blocking;
use crate::{Plane, Problem};

/// Every schedule.
#[utoipa::path(get, path = "/reports/schedules", tag = "reports", responses((status = 200, body = All<Schedule>), (status = 403)))]
pub async fn list(State(plane): State<Plane>, caller: Caller) -> Result<Json<All<Schedule>>, Problem> {
    caller.require_everywhere(Role::Viewer)?;
    let found = plane.read(report_schedule::list).await?;
    Ok(Json(All::of(found.into_iter().map(Schedule::from).collect())))
}

/// Adds a schedule.
#[utoipa::path(
    post, path = "/reports/schedules", tag = "reports", request_body = WantedSchedule,
    responses((status = 201, body = Schedule), (status = 403), (status = 404), (status = 422)),
)]
pub async fn create(
    State(plane): State<Plane>,
    caller: Caller,
    Body(wanted): Body<WantedSchedule>,
) -> Result<(StatusCode, Json<Schedule>), Problem> {
    caller.require_everywhere(Role::Operator)?;
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let wanted = report_schedule::Wanted {
        format: wanted.format,
        cluster: some(wanted.cluster),
        framework: some(wanted.framework),
        cron: wanted.cron,
        route: some(wanted.route),
    };
    download::format(&wanted.format, wanted.framework.as_deref())?;
    let (now, scope) = (plane.now(), caller.scope(Role::Viewer));
    let made = plane
        .write(move |tx| {
            if let Some(id) = &wanted.framework {
                frameworks::one(tx, id)?;
            }
            if let Some(name) = &wanted.cluster {
                rampart_store::cluster::brief(tx, &scope, name, now)?;
            }
            report_schedule::create(tx, &caller.actor(), &wanted, now)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Removes a schedule; reports that it wrote stay in the data folder.
#[utoipa::path(
    delete, path = "/reports/schedules/{id}", tag = "reports", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)),
)]
pub async fn remove(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    caller.require_everywhere(Role::Operator)?;
    let now = plane.now();
    plane.write(move |tx| report_schedule::remove(tx, &caller.actor(), &id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest report that a schedule wrote, on the replica that is asked.
#[utoipa::path(
    get, path = "/reports/schedules/{id}/latest", tag = "reports", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 403), (status = 404)),
)]
pub async fn latest(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    caller.require_everywhere(Role::Viewer)?;
    let schedules = plane.read(report_schedule::list).await?;
    let schedule = schedules.into_iter().find(|schedule| schedule.id == id);
    let schedule = schedule.ok_or_else(|| Problem::not_found("there is no such schedule"))?;
    let format = download::format(&schedule.format, None)?;
    let folder = written::folder(&plane, &schedule.id);
    let (name, bytes) = blocking(move || written::newest(&folder)).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media()));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"rampart-{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
