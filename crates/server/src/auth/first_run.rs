//! The one-time link: `rampart serve` prints it while nobody can sign in, `rampart admin-link` where everybody is locked out.
//! Its secret is in the fragment of the address, which browsers send to nobody.

use std::io::Write as _;
use std::net::SocketAddr;

use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use jiff::{SignedDuration, Timestamp};
use rampart_store::{Failure, Secret, Store, first_run as links};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{door, password, throttle};
use crate::input::Body;
use crate::plane::blocking;
use crate::{Plane, Problem};

const LIFE: SignedDuration = SignedDuration::from_hours(24);
const RECOVERY_LIFE: SignedDuration = SignedDuration::from_hours(1);

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstRun {
    /// The last part of the link.
    token: String,
    name: String,
    password: String,
}

/// Spends the one-time link: makes a local administrator and signs in.
#[utoipa::path(
    post, path = "/auth/first-run", tag = "sign-in", request_body = FirstRun,
    responses((status = 204), (status = 403), (status = 422), (status = 429)),
)]
pub async fn first_run(State(plane): State<Plane>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    door::check_sender(&plane, &parts)?;
    let address = door::address(&parts.extensions);
    let Body(FirstRun { token, name, password }) =
        Body::from_request(Request::from_parts(parts.clone(), body), &plane).await?;
    let now = plane.now();
    let guesses = &plane.sign_in().guesses;
    // A text that no name can be, so that it shares its count with nobody's.
    let account = "\0first-run";
    if let Some(seconds) = guesses.wait(account, address, now.as_second()) {
        return Err(throttle::too_many(seconds, "too many attempts to use a link"));
    }
    if let Some(why) = password::refusal(&password, name.trim()) {
        return Err(Problem::invalid("password", why));
    }
    guesses.count(account, address, now.as_second());
    // A wrong link costs no hashing.
    let (store, secret) = (plane.store().clone(), Secret::presented(token.trim()));
    let (secret, good) =
        blocking(move || store.read(|tx| links::is_good(tx, &secret, now)).map(|good| (secret, good))).await?;
    if !good {
        door::refused(&plane, "user.create", &name, address, "the one-time link is unknown, used or over").await;
        return Err(Problem::forbidden(links::REFUSAL));
    }
    let hash = plane.sign_in().passwords.hash(Secret::presented(&password)).await;
    let hash = hash.map_err(|_| Problem::unavailable("the plane cannot keep passwords at the moment"))?;
    let store = plane.store().clone();
    let welcome = blocking(move || {
        store.write(|tx| {
            let user = links::redeem(tx, &secret, &name, &hash, now)?;
            door::welcome(tx, &user, &parts.headers, now)
        })
    })
    .await?;
    guesses.succeeded(account, address);
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().append(SET_COOKIE, welcome.cookie);
    Ok(response)
}

/// Prints the link on standard error where nobody can sign in yet. Not by the log: logs are kept and sent elsewhere.
pub(crate) async fn announce(plane: &Plane, address: SocketAddr) -> Result<(), Problem> {
    let (store, now) = (plane.store().clone(), plane.now());
    let Some(secret) = blocking(move || store.write(|tx| links::issue(tx, LIFE, now))).await? else { return Ok(()) };
    let base = match &plane.options().public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("{}://{}", door::own(plane).scheme, reachable(address)),
    };
    let text = format!(
        "\n  Nobody can sign in yet. Make the first administrator here, once, within 24 hours:\n\n    {}\n\n",
        link(&base, &secret)
    );
    // Where standard error is gone, nobody reads the link; a restart prints another one.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
    Ok(())
}

/// A link for whoever holds the database: it makes a new local administrator, or gives one a new password, and lets local users
/// sign in again until an administrator comes in through the identity provider.
///
/// # Errors
/// The database refuses.
pub fn admin_link(store: &Store, base: &str, now: Timestamp) -> Result<Secret, Failure> {
    let secret = store.write(|tx| links::issue_recovery(tx, RECOVERY_LIFE, now))?;
    Ok(Secret::presented(&link(base.trim_end_matches('/'), &secret)))
}

fn link(base: &str, secret: &Secret) -> String {
    format!("{base}/first-run#{}", secret.expose())
}

/// A listener on all addresses is reached on this machine by the loopback one.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(four) if four.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], four.port())),
        SocketAddr::V6(six) if six.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], six.port())),
        other => other,
    }
}
