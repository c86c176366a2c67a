//! Routes: where news goes, and which.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use rampart_model::{Control, Severity};
use rampart_store::delivery::{Item, News};
use rampart_store::route::{self, Digest, Kind, Settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::message::Message;
use super::{Outcome, Sender, address, email, settings};
use crate::auth::{Caller, Role};
use crate::input::{Body, Segments};
use crate::{Plane, Problem};

/// Where news goes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    id: String,
    name: String,
    /// `webhook`, `slack` or `email`.
    #[schema(value_type = String)]
    kind: Kind,
    target: String,
    has_secret: bool,
    min_severity: String,
    controls: Vec<String>,
    clusters: Vec<String>,
    namespaces: Vec<String>,
    /// `none`, `hourly` or `daily`.
    #[schema(value_type = String)]
    digest: Digest,
    enabled: bool,
}

impl From<route::Route> for Route {
    fn from(route: route::Route) -> Self {
        let Settings { name, kind, target, min_severity, controls, clusters, namespaces, digest, enabled } =
            route.settings;
        Self {
            id: route.id,
            has_secret: route.has_secret,
            min_severity: min_severity.id().to_owned(),
            name,
            kind,
            target,
            controls,
            clusters,
            namespaces,
            digest,
            enabled,
        }
    }
}

/// A route as somebody wants it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WantedRoute {
    name: String,
    /// `webhook`, `slack` or `email`.
    #[schema(value_type = String)]
    kind: Kind,
    /// An address, or a list of e-mail addresses.
    target: String,
    /// Signs webhooks; of a chat, its address where that is a secret. Absent keeps the one that is known.
    #[serde(default)]
    #[schema(write_only)]
    secret: Option<String>,
    min_severity: String,
    #[serde(default)]
    controls: Vec<String>,
    #[serde(default)]
    clusters: Vec<String>,
    #[serde(default)]
    namespaces: Vec<String>,
    /// `none`, `hourly` or `daily`.
    #[serde(default = "no_digest")]
    #[schema(value_type = String)]
    digest: Digest,
    #[serde(default = "enabled")]
    enabled: bool,
}

fn no_digest() -> Digest {
    Digest::None
}

fn enabled() -> bool {
    true
}

/// All routes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Routes {
    items: Vec<Route>,
    next: Option<String>,
}

/// Where news goes.
#[utoipa::path(get, path = "/notifications/routes", tag = "notifications", responses((status = 200, body = Routes), (status = 403)))]
pub async fn list(State(plane): State<Plane>, caller: Caller) -> Result<Json<Routes>, Problem> {
    caller.require(Role::Admin)?;
    let found = plane.read(route::list).await?;
    Ok(Json(Routes { items: found.into_iter().map(Route::from).collect(), next: None }))
}

/// Adds a route.
#[utoipa::path(
    post, path = "/notifications/routes", tag = "notifications", request_body = WantedRoute,
    responses((status = 201, body = Route), (status = 403), (status = 422)),
)]
pub async fn create(
    State(plane): State<Plane>,
    caller: Caller,
    Body(wanted): Body<WantedRoute>,
) -> Result<(StatusCode, Json<Route>), Problem> {
    caller.require(Role::Admin)?;
    let (settings, secret) = checked(&plane, wanted).await?;
    let (now, state) = (plane.now(), plane.clone());
    let made = plane
        .write(move |tx| route::create(tx, &caller.actor(), &settings, secret.as_deref(), state.sign_in().seal(), now))
        .await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Changes a route. Without a secret the one that is known stays, as long as the target does.
#[utoipa::path(
    put, path = "/notifications/routes/{id}", tag = "notifications", params(("id" = String, Path)),
    request_body = WantedRoute, responses((status = 200, body = Route), (status = 403), (status = 404), (status = 422)),
)]
pub async fn change(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
    Body(wanted): Body<WantedRoute>,
) -> Result<Json<Route>, Problem> {
    caller.require(Role::Admin)?;
    let (settings, secret) = checked(&plane, wanted).await?;
    let (now, state) = (plane.now(), plane.clone());
    let changed = plane
        .write(move |tx| {
            route::change(tx, &caller.actor(), &id, &settings, secret.as_deref(), state.sign_in().seal(), now)
        })
        .await?;
    Ok(Json(changed.into()))
}

/// Removes a route, and with it what it has not sent yet.
#[utoipa::path(
    delete, path = "/notifications/routes/{id}", tag = "notifications", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)),
)]
pub async fn remove(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    caller.require(Role::Admin)?;
    let now = plane.now();
    plane.write(move |tx| route::remove(tx, &caller.actor(), &id, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a message at once, that says it is a test.
#[utoipa::path(
    post, path = "/notifications/routes/{id}/test", tag = "notifications", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 502)),
)]
pub async fn test(
    State(plane): State<Plane>,
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    caller.require(Role::Admin)?;
    let now = plane.now();
    let (route, settings) = plane.read(move |tx| Ok((route::get(tx, &id)?, settings::read(tx)?))).await?;
    let sender = Sender::new(settings).map_err(Problem::internal)?;
    let key = crate::plane::random_word().map_err(Problem::internal)?;
    let message = Message { key, news: vec![sample(now)], head: None, link: plane.options().public_url.clone() };
    match sender.send(&route, plane.sign_in().seal(), &message, now.as_second()).await {
        Outcome::Sent => Ok(StatusCode::NO_CONTENT),
        Outcome::Later(why) | Outcome::Never(why) => Err(Problem::new(StatusCode::BAD_GATEWAY, "not_sent", why)),
    }
}

/// What a test sends: nothing of a tenant.
fn sample(now: Timestamp) -> News {
    News {
        cluster: "example".to_owned(),
        at: now,
        total: 1,
        counts: [("info".to_owned(), 1)].into(),
        items: vec![Item {
            fingerprint: "0".repeat(32),
            change: "opened".to_owned(),
            rule: "test/notification".to_owned(),
            control: "audit".to_owned(),
            severity: "info".to_owned(),
            kind: "Test".to_owned(),
            namespace: String::new(),
            name: "notification".to_owned(),
            message: "This is a test of the route: nothing was found.".to_owned(),
        }],
    }
}

async fn checked(plane: &Plane, wanted: WantedRoute) -> Result<(Settings, Option<String>), Problem> {
    let min_severity: Severity =
        wanted.min_severity.parse().map_err(|message: String| Problem::invalid("minSeverity", message))?;
    if let Some(unknown) = wanted.controls.iter().find(|id| !Control::ALL.iter().any(|known| known.id() == id.as_str()))
    {
        return Err(Problem::invalid("controls", format!("no control is called `{}`", unknown.escape_debug())));
    }
    let allow_private = plane.read(settings::read).await?.allow_private;
    let fits = match wanted.kind {
        Kind::Email => email::addresses(&wanted.target).map(|_| ()),
        Kind::Webhook => address::check(&wanted.target, allow_private),
        Kind::Slack => match wanted.secret.as_deref().filter(|secret| !secret.is_empty()) {
            Some(secret) => address::check(secret, allow_private)
                .map_err(|why| format!("the secret is the chat's address here: {why}")),
            None => Ok(()),
        },
    };
    fits.map_err(|why| Problem::invalid("target", why))?;
    let settings = Settings {
        name: wanted.name,
        kind: wanted.kind,
        target: wanted.target,
        min_severity,
        controls: wanted.controls,
        clusters: wanted.clusters,
        namespaces: wanted.namespaces,
        digest: wanted.digest,
        enabled: wanted.enabled,
    };
    Ok((settings, wanted.secret))
}
