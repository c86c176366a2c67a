//! Signing in by name and password. Whoever does not exist is refused with the same words after the same work.

use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use rampart_store::{Secret, user};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{door, throttle};
use crate::input::Body;
use crate::plane::blocking;
use crate::{Plane, Problem};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    name: String,
    password: String,
}

/// Signs a local user in; the answer sets the session's cookie.
#[utoipa::path(
    post, path = "/auth/login", tag = "sign-in", request_body = SignIn,
    responses((status = 204), (status = 401), (status = 403), (status = 429)),
)]
pub async fn sign_in(State(plane): State<Plane>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    door::check_sender(&plane, &parts)?;
    let address = door::address(&parts.extensions);
    let Body(SignIn { name, password }) = Body::from_request(Request::from_parts(parts.clone(), body), &plane).await?;
    let (account, now) = (name.trim().to_lowercase(), plane.now());
    let guesses = &plane.sign_in().guesses;
    if let Some(seconds) = guesses.wait(&account, address, now.as_second()) {
        return Err(throttle::too_many(seconds, "too many attempts to sign in"));
    }
    guesses.count(&account, address, now.as_second());
    let (store, wanted) = (plane.store().clone(), account.clone());
    let found = blocking(move || store.read(|tx| user::local(tx, &wanted))).await?;
    let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), Some(hash)));
    // However long the text is, hashing takes the same time.
    let right = plane.sign_in().passwords.verify(Secret::presented(&password), hash).await;
    let right = right.map_err(|_| Problem::unavailable("the plane cannot check passwords at the moment"))?;
    let Some(user) = user.filter(|_| right) else {
        door::refused(&plane, "session.start", &name, address, "wrong name or password").await;
        let words = "the name or the password is wrong, or local users may not sign in any more";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong_password", words));
    };
    guesses.succeeded(&account, address);
    let store = plane.store().clone();
    let welcome = blocking(move || store.write(|tx| door::welcome(tx, &user, &parts.headers, now))).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().append(SET_COOKIE, welcome.cookie);
    Ok(response)
}
