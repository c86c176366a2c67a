//! Whether the plane can do its work, and what is in the way: for `/readyz`, the banner of the UI and the metrics.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Caller;
use crate::bus::ChangeKind;
use crate::{Plane, Problem};

/// A part of the plane that does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartProblem {
    /// `store`, `disk`, `certificate`, or the name of a schedule.
    pub part: String,
    pub message: String,
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// What `/readyz` says, for those who are signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Status {
    ready: bool,
    problems: Vec<PartProblem>,
    version: String,
    replicas: u64,
}

/// What is in the way at the moment. Parts are checked by a reconciler and by whoever asks.
#[derive(Debug, Default)]
pub struct Health {
    problems: Mutex<BTreeMap<&'static str, (String, Timestamp)>>,
    beats: Mutex<BTreeMap<&'static str, Beat>>,
    replicas: std::sync::atomic::AtomicU64,
}

/// When a schedule ran last, and when it is late.
#[derive(Debug, Clone, Copy)]
struct Beat {
    at: Timestamp,
    patience: SignedDuration,
}

/// Below this nothing can be written for long.
const LEAST_BYTES: u64 = 32 << 20;
/// A certificate that the plane does not renew itself is spoken of so long before its end.
const CERTIFICATE_NOTICE: SignedDuration = SignedDuration::from_hours(72);
/// The store has this long to answer.
const STORE_ANSWER: Duration = Duration::from_secs(5);

impl Health {
    /// Notes that a part works, or why not. True where that is news.
    pub fn note(&self, part: &'static str, problem: Option<String>, now: Timestamp) -> bool {
        let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        match problem {
            None => problems.remove(part).is_some_and(|(message, _)| {
                tracing::info!(part, was = message, "works again");
                true
            }),
            Some(message) => {
                let since = problems.get(part).map(|(_, since)| *since);
                if since.is_none() {
                    tracing::error!(part, message, "the plane is not ready");
                }
                problems.insert(part, (message, since.unwrap_or(now)));
                since.is_none()
            }
        }
    }

    /// A schedule ran; where it does not within `patience`, something is wrong with it.
    pub(crate) fn beat(&self, schedule: &'static str, patience: SignedDuration, now: Timestamp) {
        let mut beats = self.beats.lock().unwrap_or_else(PoisonError::into_inner);
        beats.insert(schedule, Beat { at: now, patience });
    }

    pub(crate) fn set_replicas(&self, count: u64) {
        self.replicas.store(count, std::sync::atomic::Ordering::Relaxed);
    }

    fn late_schedules(&self, now: Timestamp) -> Option<String> {
        let beats = self.beats.lock().unwrap_or_else(PoisonError::into_inner);
        let late: Vec<String> = beats
            .iter()
            .filter(|(_, beat)| now.duration_since(beat.at) > beat.patience)
            .map(|(name, beat)| format!("`{name}` has not run since {:.0}", beat.at))
            .collect();
        (!late.is_empty()).then(|| format!("{}; the log says why", late.join(", ")))
    }

    pub fn problems(&self) -> Vec<PartProblem> {
        let problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = |(part, (message, since)): (&&'static str, &(String, Timestamp))| PartProblem {
            part: (*part).to_owned(),
            message: message.clone(),
            since: *since,
        };
        problems.iter().map(shown).collect()
    }
}

/// Looks at every part.
pub(crate) async fn check(plane: &Plane) {
    let now = plane.now();
    let store = plane.store().clone();
    let asked = tokio::task::spawn_blocking(move || {
        let _ = store.read(|tx| tx.first("SELECT at FROM probe WHERE id = 1", &[], |_| Ok(())));
        store.health()
    });
    let trouble = match tokio::time::timeout(STORE_ANSWER, asked).await {
        Ok(Ok(trouble)) => trouble.map(|trouble| trouble.failure.message().to_owned()),
        Ok(Err(error)) => Some(format!("the database could not be asked: {error}")),
        Err(_) => Some(format!("the database has not answered for {} seconds", STORE_ANSWER.as_secs())),
    };
    let disk = disk(&plane.options().data);
    let certificate = plane.certificate_end().and_then(|end| {
        plane.metrics().certificate_ends(end);
        (end.duration_since(now) < CERTIFICATE_NOTICE)
            .then(|| format!("the listener's certificate ends at {end:.0}: put a new one in its place"))
    });
    let health = plane.health();
    let news = [
        health.note("store", trouble, now),
        health.note("disk", disk, now),
        health.note("certificate", certificate, now),
        health.note("schedules", health.late_schedules(now), now),
    ];
    if news.contains(&true) {
        plane.bus().publish(ChangeKind::Status, None);
    }
    let parts: Vec<&'static str> = {
        let problems = health.problems.lock().unwrap_or_else(PoisonError::into_inner);
        problems.keys().copied().collect()
    };
    plane.metrics().problems(&parts);
}

fn disk(folder: &Path) -> Option<String> {
    match rustix::fs::statvfs(folder) {
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            (free < LEAST_BYTES)
                .then(|| format!("the disk of `{}` has {} MiB left: make room on it", folder.display(), free >> 20))
        }
        Err(error) => Some(format!("the folder `{}` cannot be used: {error}", folder.display())),
    }
}

/// The process runs and answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 where the plane can do its work, 503 with every problem named where it cannot.
pub(crate) async fn ready(State(plane): State<Plane>) -> Response {
    check(&plane).await;
    let status = status(&plane);
    let code = if status.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(status)).into_response()
}

fn status(plane: &Plane) -> Status {
    let problems = plane.health().problems();
    Status {
        ready: problems.is_empty(),
        problems,
        version: plane.version().to_owned(),
        replicas: plane.health().replicas.load(std::sync::atomic::Ordering::Relaxed).max(1),
    }
}

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Whether the plane is ready, and what is in the way.
#[utoipa::path(get, path = "/status", tag = "plane", responses((status = 200, body = Status), (status = 401, body = crate::problem::ProblemBody)))]
async fn show(State(plane): State<Plane>, _caller: Caller) -> Result<Json<Status>, Problem> {
    Ok(Json(status(&plane)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_keeps_its_beginning_and_goes_when_the_part_works_again() {
        let health = Health::default();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(health.note("store", Some("full".into()), at("2026-01-01T00:00:00Z")));
        assert!(!health.note("store", Some("still full".into()), at("2026-01-01T00:01:00Z")));
        let [problem] = health.problems().try_into().unwrap();
        assert_eq!((problem.message.as_str(), problem.since), ("still full", at("2026-01-01T00:00:00Z")));
        assert!(health.note("store", None, at("2026-01-01T00:02:00Z")));
        assert!(health.problems().is_empty());
    }

    #[test]
    fn a_schedule_that_stands_still_is_named() {
        let health = Health::default();
        let start = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        health.beat("retention", SignedDuration::from_mins(5), start);
        assert_eq!(health.late_schedules(start), None);
        let late = health.late_schedules(start + SignedDuration::from_mins(6)).unwrap();
        assert!(late.contains("`retention` has not run since"), "{late}");
    }
}
