//! `GET /events`: tells a page at once that something changed, so that it asks again. It carries no data of a tenant but
//! names of clusters that the caller may see.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use rampart_store::Scope;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{Caller, Role};
use crate::bus::{ChangeEvent, ChangeKind};
use crate::{Plane, Problem};

/// Streams of one caller: one for each open page.
const OF_ONE: u32 = 20;
const OF_ALL: u32 = 2000;
/// Then the page connects anew and shows that it is still signed in.
const LIFE: Duration = Duration::from_secs(15 * 60);
const SILENCE: Duration = Duration::from_secs(15);

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new().routes(routes!(events))
}

/// How many listen, by caller.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listeners(Arc<Mutex<HashMap<String, u32>>>);

/// A place among the listeners, given back when the stream ends.
struct Place {
    listeners: Listeners,
    name: String,
    gauge: prometheus_client::metrics::gauge::Gauge,
}

impl Listeners {
    fn enter(&self, plane: &Plane, name: &str) -> Result<Place, Problem> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u32 = counts.values().sum();
        let own = counts.entry(name.to_owned()).or_default();
        if *own >= OF_ONE || all >= OF_ALL {
            return Err(Problem::too_many(30, "too many pages listen for changes: close some"));
        }
        *own += 1;
        drop(counts);
        let gauge = plane.metrics().listeners.clone();
        gauge.inc();
        Ok(Place { listeners: self.clone(), name: name.to_owned(), gauge })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.listeners.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = counts.get_mut(&self.name) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                counts.remove(&self.name);
            }
        }
        self.gauge.dec();
    }
}

/// Changes as they happen, as server-sent events named `change`.
#[utoipa::path(get, path = "/events", tag = "plane", responses(
    (status = 200, description = "A stream of `change` events", body = ChangeEvent, content_type = "text/event-stream"),
    (status = 401, body = crate::problem::ProblemBody),
    (status = 429, body = crate::problem::ProblemBody),
))]
async fn events(State(plane): State<Plane>, caller: Caller) -> Result<Response, Problem> {
    let scope = caller.scope(Role::Viewer);
    let place = plane.listeners().enter(&plane, caller.name())?;
    let (receiver, stop) = (plane.bus().subscribe(), plane.stop().clone());
    let end = Instant::now() + LIFE;
    let changes =
        stream::unfold((receiver, scope, stop, place), move |(mut receiver, scope, stop, place)| async move {
            loop {
                let received = tokio::select! {
                    () = stop.cancelled() => return None,
                    () = tokio::time::sleep_until(end) => return None,
                    received = receiver.recv() => received,
                };
                let event = match received {
                    Ok(event) if is_seen(&event, &scope) => event,
                    Ok(_) => continue,
                    // What was missed is unknown, so everything may have changed.
                    Err(RecvError::Lagged(_)) => {
                        ChangeEvent { kind: ChangeKind::Cluster, cluster: None, at: jiff::Timestamp::now() }
                    }
                    Err(RecvError::Closed) => return None,
                };
                let sent = Event::default().event("change").json_data(&event).ok()?;
                return Some((Ok::<_, Infallible>(sent), (receiver, scope, stop, place)));
            }
        });
    // The page learns at once that it is heard: some browsers and proxies wait for a first byte.
    let hello = stream::once(std::future::ready(Ok::<_, Infallible>(Event::default().comment("listening"))));
    let changes = hello.chain(changes);
    let alive = KeepAlive::new().interval(SILENCE).text("still there");
    let mut response = Sse::new(changes).keep_alive(alive).into_response();
    // A proxy that collects an answer before it hands it on would hold the events back.
    response.headers_mut().insert("x-accel-buffering", http::HeaderValue::from_static("no"));
    Ok(response)
}

fn is_seen(event: &ChangeEvent, scope: &Scope) -> bool {
    event.cluster.as_deref().is_none_or(|cluster| scope.sees_some(cluster))
}
