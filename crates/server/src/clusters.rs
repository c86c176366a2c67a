//! Clusters: which there are, how each fares, what could not be seen of it.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use rampart_model::Control;
use rampart_store::audit::{self, Deed, Outcome};
use rampart_store::cluster::{self, Source};
use rampart_store::{Failure, desired, gap};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::{Asked, Listed};
use crate::auth::{Caller, Role};
use crate::bus::{ChangeKind, Poke};
use crate::csv::Row;
use crate::input::{Body, Params, Segments};
use crate::options::check_cluster_name;
use crate::problem::ProblemBody;
use crate::shape::{self, Page};
use crate::{Plane, Problem};

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, remove))
        .routes(routes!(rescan))
        .routes(routes!(gaps))
}

/// Clusters in the caller's scope, by name.
#[utoipa::path(get, path = "/clusters", tag = "clusters",
    params(("cursor" = Option<String>, Query), ("limit" = Option<u16>, Query), ("format" = Option<String>, Query, description = "`json` or `csv`")),
    responses((status = 200, body = Page<shape::cluster::ClusterBrief>), (status = 401, body = ProblemBody)))]
async fn list(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = Asked::of(pairs, &[])?;
    let (scope, now) = (caller.scope(Role::Viewer), plane.now());
    let load = move |tx: &mut rampart_store::Tx<'_>, cursor: Option<&str>, limit| {
        Ok(Listed::of(cluster::list(tx, &scope, cursor, limit, now)?, |brief| brief))
    };
    asked.list(&plane, "clusters", load).await
}

/// A name for a cluster that an agent is going to join.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCluster {
    name: String,
}

/// Makes a cluster known before its agent joins.
#[utoipa::path(post, path = "/clusters", tag = "clusters", request_body = NewCluster,
    responses((status = 201, body = shape::cluster::ClusterBrief), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn create(
    State(plane): State<Plane>,
    caller: Caller,
    Body(NewCluster { name }): Body<NewCluster>,
) -> Result<(StatusCode, Json<cluster::ClusterBrief>), Problem> {
    caller.require(Role::Admin)?;
    check_cluster_name(&name).map_err(|error| Problem::invalid("name", error))?;
    let now = plane.now();
    let (scope, told) = (caller.scope(Role::Viewer), name.clone());
    let made = plane
        .write(move |tx| {
            if cluster::id_of(tx, &name)?.is_some() {
                return Err(Failure::conflict(format!("there is a cluster `{name}` already: choose another name")));
            }
            cluster::ensure(tx, &name, Source::Agent, "", now)?;
            done(tx, &caller, "cluster.create", &name, now)?;
            cluster::brief(tx, &scope, &name, now)
        })
        .await?;
    plane.bus().publish(ChangeKind::Cluster, Some(&told));
    Ok((StatusCode::CREATED, Json(made)))
}

/// One cluster: controls, trend, namespaces, gaps.
#[utoipa::path(get, path = "/clusters/{name}", tag = "clusters", params(("name" = String, Path)),
    responses((status = 200, body = shape::cluster::Cluster), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn show(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(name): Segments<String>,
) -> Result<Json<cluster::detail::Cluster>, Problem> {
    let (scope, now) = (caller.scope(Role::Viewer), plane.now());
    plane.read(move |tx| cluster::detail::get(tx, &scope, &name, now)).await.map(Json)
}

/// Forgets a cluster and all that is known of it. One that the plane reads itself comes back with the next evaluation.
#[utoipa::path(delete, path = "/clusters/{name}", tag = "clusters", params(("name" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn remove(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(name): Segments<String>,
) -> Result<StatusCode, Problem> {
    caller.require(Role::Admin)?;
    let (now, told) = (plane.now(), name.clone());
    plane
        .write(move |tx| {
            cluster::remove(tx, &name)?;
            done(tx, &caller, "cluster.remove", &name, now)
        })
        .await?;
    plane.bus().publish(ChangeKind::Cluster, Some(&told));
    plane.bus().poke(Poke::Sources);
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for an evaluation now, whatever changed.
#[utoipa::path(post, path = "/clusters/{name}/rescan", tag = "clusters", params(("name" = String, Path)),
    responses((status = 202), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn rescan(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(name): Segments<String>,
) -> Result<StatusCode, Problem> {
    let (scope, now) = (caller.scope(Role::Viewer), plane.now());
    caller.require(Role::Operator)?;
    // Whether there is such a cluster is for those to know who may see it.
    if scope.sees_some(&name) {
        caller.require_at(Role::Operator, &name, "")?;
    }
    plane
        .write(move |tx| {
            let brief = cluster::brief(tx, &scope, &name, now)?;
            desired::rescan(tx, brief.id)?;
            done(tx, &caller, "cluster.rescan", &name, now)
        })
        .await?;
    plane.bus().poke(Poke::Sources);
    plane.bus().poke(Poke::Desired);
    Ok(StatusCode::ACCEPTED)
}

fn done(
    tx: &mut rampart_store::Tx<'_>,
    caller: &Caller,
    action: &str,
    object: &str,
    now: jiff::Timestamp,
) -> Result<(), Failure> {
    let deed = Deed { actor: caller.name(), action, object, outcome: Outcome::Allowed, detail: serde_json::Map::new() };
    audit::append(tx, now, &deed).map(drop)
}

/// What could not be seen, and what to do about it.
#[utoipa::path(get, path = "/gaps", tag = "clusters",
    params(
        ("cluster" = Option<Vec<String>>, Query), ("control" = Option<Vec<String>>, Query), ("rule" = Option<Vec<String>>, Query),
        ("cursor" = Option<String>, Query), ("limit" = Option<u16>, Query), ("format" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<shape::cluster::Gap>), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn gaps(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = Asked::of(pairs, &["cluster", "control", "rule"])?;
    let filter =
        gap::Filter { clusters: asked.many("cluster"), controls: controls(&asked)?, rules: asked.many("rule") };
    let scope = caller.scope(Role::Viewer);
    let load = move |tx: &mut rampart_store::Tx<'_>, cursor: Option<&str>, limit| {
        Ok(Listed::of(gap::list(tx, &scope, &filter, cursor, limit)?, |gap| gap))
    };
    asked.list(&plane, "gaps", load).await
}

/// # Errors
/// A word is no control's id.
pub(crate) fn controls(asked: &Asked) -> Result<Vec<Control>, Problem> {
    let read = |word: &String| {
        let known = Control::ALL.map(Control::id).join(", ");
        Control::from_id(word).ok_or_else(|| {
            let shown: String = word.chars().take(60).collect();
            Problem::invalid("control", format!("there is no control `{}`; they are {known}", shown.escape_debug()))
        })
    };
    asked.many("control").iter().map(read).collect()
}

impl Row for cluster::ClusterBrief {
    const HEAD: &'static [&'static str] = &[
        "name",
        "source",
        "detail",
        "state",
        "problem",
        "lastSeen",
        "lastEvaluation",
        "version",
        "objects",
        "score",
        "coverage",
        "critical",
        "high",
        "medium",
        "low",
        "info",
    ];

    fn cells(&self) -> Vec<String> {
        let instant = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        let mut cells = vec![
            self.name.clone(),
            self.source.id().to_owned(),
            self.detail.clone(),
            self.state.id().to_owned(),
            self.problem.clone().unwrap_or_default(),
            instant(self.last_seen),
            instant(self.last_evaluation),
            self.version.clone().unwrap_or_default(),
            self.objects.to_string(),
            self.score.map(|score| score.to_string()).unwrap_or_default(),
            self.coverage.to_string(),
        ];
        let counts = &self.counts;
        cells.extend(
            [counts.critical, counts.high, counts.medium, counts.low, counts.info].map(|count| count.to_string()),
        );
        cells
    }
}

impl Row for gap::Gap {
    const HEAD: &'static [&'static str] = &["cluster", "control", "rule", "reason", "remedy"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.cluster.clone(),
            self.control.id().to_owned(),
            self.rule.clone(),
            self.reason.clone(),
            self.remedy.clone(),
        ]
    }
}
