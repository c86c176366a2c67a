//! Signing in a program: `rampart login` shows a code, and a person who is signed in with a browser confirms it there.

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use jiff::SignedDuration;
use rampart_store::{Failure, Secret, device_code, token as tokens, user};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Caller, door, throttle};
use crate::input::Body;
use crate::plane::blocking;
use crate::{Plane, Problem};

/// How long a program stays signed in.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Codes for a program that wants to act for somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// For the program, to ask again with.
    device_code: String,
    /// For the person, to compare.
    user_code: String,
    /// Where the person confirms.
    verification_uri: String,
    /// Seconds between two questions.
    interval: u32,
    /// Seconds until both codes are over.
    expires_in: i64,
}

/// Begins the sign-in of a program.
#[utoipa::path(post, path = "/auth/device", tag = "sign-in", responses((status = 200, body = Device), (status = 429)))]
pub async fn start(State(plane): State<Plane>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    door::check_sender(&plane, &parts)?;
    let (address, now) = (door::address(&parts.extensions), plane.now());
    let devices = &plane.sign_in().devices;
    if let Some(seconds) = devices.wait("", address, now.as_second()) {
        return Err(throttle::too_many(seconds, "too many programs want to sign in"));
    }
    devices.count("", address, now.as_second());
    let store = plane.store().clone();
    let device = blocking(move || store.write(|tx| device_code::start(tx, now))).await?;
    let base = door::base(&plane, &parts.uri, &parts.headers);
    Ok(unstored(Device {
        device_code: device.device_code.expose().to_owned(),
        verification_uri: format!("{base}/device?code={}", device.user_code),
        user_code: device.user_code,
        interval: device_code::INTERVAL,
        expires_in: device_code::LIFE.as_secs(),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    device_code: String,
}

/// A token for the program, shown once.
#[derive(Serialize, ToSchema)]
pub struct Granted {
    token: String,
    expires: String,
}

/// Asks whether the person has confirmed. 428 while not.
#[utoipa::path(
    post, path = "/auth/device/token", tag = "sign-in", request_body = Question,
    responses((status = 200, body = Granted), (status = 403), (status = 410), (status = 428), (status = 429)),
)]
pub async fn token(State(plane): State<Plane>, Body(question): Body<Question>) -> Result<Response, Problem> {
    let (store, now) = (plane.store().clone(), plane.now());
    let secret = Secret::presented(&question.device_code);
    let answer = blocking(move || {
        store.write(|tx| {
            let answer = device_code::ask(tx, &secret, now)?;
            let device_code::Answer::Granted(id) = &answer else { return Ok((answer, None)) };
            let Some(user) = user::get(tx, id)?.filter(|user| !user.disabled) else {
                return Ok((device_code::Answer::Refused, None));
            };
            let owner = user.principal(tx)?;
            let expires = now.saturating_add(LIFE).unwrap_or(now);
            let name = format!("rampart login, {}", now.strftime("%Y-%m-%d"));
            let (token, secret) = tokens::create_for_program(tx, &owner, &name, expires, now)?;
            Ok::<_, Failure>((answer, Some((token, secret))))
        })
    })
    .await?;
    match answer {
        (_, Some((token, secret))) => {
            Ok(unstored(Granted { token: secret.expose().to_owned(), expires: token.expires.to_string() }))
        }
        (device_code::Answer::SlowDown, None) => {
            Err(Problem::too_many(device_code::INTERVAL, "asked too soon: keep to the interval"))
        }
        (device_code::Answer::Pending, None) => {
            let status = StatusCode::PRECONDITION_REQUIRED;
            Err(Problem::new(status, "authorization_pending", "nobody has confirmed the code yet"))
        }
        (device_code::Answer::Refused | device_code::Answer::Granted(_), None) => {
            Err(Problem::new(StatusCode::FORBIDDEN, "access_denied", "the sign-in was refused"))
        }
        (device_code::Answer::Expired, None) => {
            Err(Problem::new(StatusCode::GONE, "expired", "the code is unknown, used or over: begin again"))
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approval {
    user_code: String,
    /// Left out or true: yes. False: somebody else began this, nobody shall be signed in.
    #[serde(default = "yes")]
    approve: bool,
}

fn yes() -> bool {
    true
}

/// Confirms the sign-in of a program, which then acts for whoever confirms.
#[utoipa::path(
    post, path = "/auth/device/approve", tag = "sign-in", request_body = Approval,
    responses((status = 204), (status = 401), (status = 403), (status = 422), (status = 429)),
)]
pub async fn approve(State(plane): State<Plane>, caller: Caller, request: Request) -> Result<StatusCode, Problem> {
    // A stolen token must not make itself new ones.
    caller.require_session()?;
    let (address, now) = (door::address(request.extensions()), plane.now());
    let Body(Approval { user_code, approve }) = Body::from_request(request, &plane).await?;
    let codes = &plane.sign_in().codes;
    if let Some(seconds) = codes.wait(&caller.principal().id, address, now.as_second()) {
        return Err(throttle::too_many(seconds, "too many codes were tried"));
    }
    codes.count(&caller.principal().id, address, now.as_second());
    let (store, id) = (plane.store().clone(), caller.principal().id.clone());
    let known = blocking(move || {
        let answer = store.write(|tx| device_code::answer(tx, &caller.actor(), &user_code, approve, now));
        match answer {
            Ok(()) => Ok(true),
            Err(failure) if failure.kind == rampart_store::Kind::Missing => Ok(false),
            Err(failure) => Err(failure),
        }
    })
    .await?;
    if !known {
        return Err(Problem::invalid("userCode", "there is no such code: it was mistyped, answered or is over"));
    }
    codes.succeeded(&id, address);
    Ok(StatusCode::NO_CONTENT)
}

/// Answers that hold a secret stay in no cache.
fn unstored(body: impl Serialize) -> Response {
    ([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(body)).into_response()
}
