//! Signing in with the identity provider, seen from the browser: off to the provider, and back.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jiff::Timestamp;
use rampart_store::role::{Role, RoleGrant};
use rampart_store::{Failure, Kind, Tx, identity_provider, user};
use serde::Deserialize;
use utoipa::IntoParams;

use super::oidc::attempt::{Attempt, SECONDS};
use super::oidc::claims::Person;
use super::oidc::flow::{self, Returned};
use super::oidc::{Registration, SignInFailure};
use super::{cookie, door, page, return_path};
use crate::Plane;
use crate::input::Params;
use crate::plane::blocking;

/// The path that is registered with the provider, below the plane's address.
pub const CALLBACK: &str = "/api/v1/auth/oidc/callback";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// The page to come back to, a path of this plane.
    #[serde(rename = "return")]
    then: Option<String>,
}

/// Sends the browser to the identity provider.
#[utoipa::path(
    get, path = "/auth/oidc/start", tag = "sign-in", params(Wish),
    responses((status = 303, description = "To the identity provider"), (status = 404), (status = 502)),
)]
pub async fn start(State(plane): State<Plane>, uri: Uri, headers: HeaderMap, Params(wish): Params<Wish>) -> Response {
    let then = return_path::checked(wish.then.as_deref());
    match begin(&plane, &door::base(&plane, &uri, &headers), then).await {
        Ok((url, attempt)) => to(&url, vec![cookie::set(cookie::SIGN_IN, &attempt, SECONDS)]),
        Err(refusal) => refusal.page(),
    }
}

async fn begin(plane: &Plane, base: &str, then: &str) -> Result<(String, String), Refusal> {
    let registration = registration(plane, base).await?;
    let (url, attempt) = flow::begin(&plane.sign_in().providers, &registration, then, plane.now().as_second())
        .await
        .map_err(Refusal::SignIn)?;
    let sealed =
        attempt.sealed(&plane.sign_in().seal).ok_or_else(|| Refusal::broken("the attempt cannot be sealed"))?;
    Ok((url, sealed))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Takes the browser back from the identity provider and starts its session.
#[utoipa::path(
    get, path = "/auth/oidc/callback", tag = "sign-in", params(Answer),
    responses((status = 303, description = "To the page that was asked for"), (status = 400), (status = 403), (status = 502)),
)]
pub async fn callback(State(plane): State<Plane>, parts: Parts, Params(answer): Params<Answer>) -> Response {
    let address = door::address(&parts.extensions);
    let cookie = cookie::read(&parts.headers, cookie::SIGN_IN);
    let attempt =
        cookie.and_then(|cookie| Attempt::opened(&plane.sign_in().seal, cookie.expose(), plane.now().as_second()));
    // Whatever comes of it, this attempt is over.
    let spent = cookie::clear(cookie::SIGN_IN);
    let outcome = match attempt {
        None => Err(Refusal::SignIn(SignInFailure::Attempt(
            "this browser did not start to sign in here, or took too long".to_owned(),
        ))),
        Some(attempt) => finish(&plane, &parts, attempt, answer).await,
    };
    match outcome {
        Ok((session, then)) => to(&then, vec![Some(session), spent]),
        Err(refusal) => {
            // Who never started here is a stranger, who could fill the trail.
            if !matches!(refusal, Refusal::SignIn(SignInFailure::Attempt(_))) {
                door::refused(&plane, "session.start", refusal.who(), address, &refusal.why()).await;
            }
            tracing::warn!(%address, why = %refusal.why(), "a sign-in with the identity provider failed");
            let mut response = refusal.page();
            response.headers_mut().extend(spent.map(|spent| (SET_COOKIE, spent)));
            response
        }
    }
}

async fn finish(
    plane: &Plane,
    parts: &Parts,
    attempt: Attempt,
    answer: Answer,
) -> Result<(HeaderValue, String), Refusal> {
    let registration = registration(plane, &door::base(plane, &parts.uri, &parts.headers)).await?;
    let then = attempt.then.clone();
    let Answer { state, code, iss, error, error_description } = answer;
    let returned = Returned { state, code, iss, error, error_description };
    let person =
        flow::finish(&plane.sign_in().providers, &registration, attempt, returned).await.map_err(Refusal::SignIn)?;
    let (store, now) = (plane.store().clone(), plane.now());
    let (headers, person) = (parts.headers.clone(), Arc::new(person));
    let known = person.clone();
    // The person is kept also where no group gives a role, so that whoever changes the roles sees whom that would let in.
    let user = blocking(move || Ok::<_, crate::Problem>(store.write(|tx| meet(tx, &known, now)))).await;
    let user =
        user.map_err(|problem| Refusal::broken(&problem.message))?.map_err(|failure| Refusal::of(&failure, &person))?;
    let store = plane.store().clone();
    let entered = blocking(move || Ok::<_, crate::Problem>(store.write(|tx| enter(tx, &user, &headers, now)))).await;
    let entered = entered.map_err(|problem| Refusal::broken(&problem.message))?;
    match entered.map_err(|failure| Refusal::of(&failure, &person))? {
        Some(cookie) => Ok((cookie, then)),
        None => Err(Refusal::NoRole(person.name.clone())),
    }
}

fn meet(tx: &mut Tx<'_>, person: &Person, now: Timestamp) -> Result<user::User, Failure> {
    let who = user::Vouched {
        issuer: &person.issuer,
        subject: &person.subject,
        name: &person.name,
        email: person.email.as_deref(),
        groups: &person.groups,
    };
    user::vouched(tx, &who, now)
}

/// None where the person has no role.
fn enter(
    tx: &mut Tx<'_>,
    user: &user::User,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Option<HeaderValue>, Failure> {
    let principal = user.clone().principal(tx)?;
    if principal.role().is_none() {
        return Ok(None);
    }
    if RoleGrant::everywhere(Role::Admin).is_within(&principal.grants) {
        // The provider works, and there is somebody to mend it: passwords are no longer needed.
        identity_provider::disable_local(tx, &principal.actor(), now)?;
    }
    Ok(Some(door::welcome(tx, user, headers, now)?.cookie))
}

/// What the plane knows of its provider; none where there is none or it is switched off.
async fn registration(plane: &Plane, base: &str) -> Result<Registration, Refusal> {
    let store = plane.store().clone();
    let provider = blocking(move || store.read(identity_provider::get)).await;
    let provider = provider.map_err(|problem| Refusal::broken(&problem.message))?;
    let provider = provider.filter(|provider| provider.settings.enabled).ok_or(Refusal::NoProvider)?;
    let secret = provider.secret(&plane.sign_in().seal).map_err(|failure| Refusal::broken(failure.message()))?;
    Ok(super::identity::registration(provider.settings, secret, base))
}

fn to(url: &str, cookies: Vec<Option<HeaderValue>>) -> Response {
    let Ok(location) = HeaderValue::from_str(url) else {
        return Refusal::broken("the address to go on to is none").page();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Why the browser does not get on.
#[derive(Debug)]
enum Refusal {
    NoProvider,
    SignIn(SignInFailure),
    NoRole(String),
    Disabled(String, String),
    Broken(String),
}

impl Refusal {
    fn broken(why: &str) -> Self {
        Self::Broken(why.to_owned())
    }

    fn of(failure: &Failure, person: &Person) -> Self {
        match failure.kind {
            Kind::Denied | Kind::Invalid => Self::Disabled(person.name.clone(), failure.message().to_owned()),
            _ => Self::broken(failure.message()),
        }
    }

    fn who(&self) -> &str {
        match self {
            Self::NoRole(name) | Self::Disabled(name, _) => name,
            _ => "unknown",
        }
    }

    fn why(&self) -> String {
        match self {
            Self::NoProvider => "sign-in with an identity provider is not set up".to_owned(),
            Self::SignIn(failure) => failure.to_string(),
            Self::NoRole(_) => "none of the groups gives a role".to_owned(),
            Self::Disabled(_, why) | Self::Broken(why) => why.clone(),
        }
    }

    fn page(&self) -> Response {
        let failed = "Sign-in failed";
        match self {
            Self::NoProvider => page::refusal(StatusCode::NOT_FOUND, failed, &self.why()),
            Self::SignIn(SignInFailure::Attempt(why)) => {
                page::refusal(StatusCode::BAD_REQUEST, failed, &format!("{why}. Please sign in again."))
            }
            Self::SignIn(SignInFailure::Refused(why)) => page::refusal(StatusCode::FORBIDDEN, failed, why),
            Self::SignIn(SignInFailure::Provider(why)) => page::refusal(StatusCode::BAD_GATEWAY, failed, why),
            Self::NoRole(name) => page::refusal(
                StatusCode::FORBIDDEN,
                "No role yet",
                &format!(
                    "You are signed in at the identity provider as {name}, but none of your groups has a role here. Ask an administrator."
                ),
            ),
            Self::Disabled(_, why) => page::refusal(StatusCode::FORBIDDEN, failed, why),
            Self::Broken(why) => page::refusal(StatusCode::SERVICE_UNAVAILABLE, failed, why),
        }
    }
}
