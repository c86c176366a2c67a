//! What the parts of sign-in share about the way in: where the plane is reached, who knocks, how a session begins.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, Uri};
use jiff::Timestamp;
use rampart_store::{Failure, Tx, session, user};

use super::origin::{self, Foreign, Own};
use super::{cookie, denials};
use crate::{Plane, Problem};

pub fn own(plane: &Plane) -> Own<'_> {
    let options = plane.options();
    Own { public_url: options.public_url.as_deref(), scheme: if options.insecure_http { "http" } else { "https" } }
}

pub fn foreign(why: Foreign) -> Problem {
    match why {
        Foreign::Origin => Problem::forbidden("this request comes from a page of another site"),
        Foreign::Csrf => {
            Problem::forbidden("the header `x-rampart-csrf` is missing or wrong: take its value from `GET session`")
        }
    }
}

/// The address of the plane as the browser knows it, without a slash at the end.
pub fn base(plane: &Plane, uri: &Uri, headers: &HeaderMap) -> String {
    let own = own(plane);
    match own.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => {
            let listen = plane.options().listen.to_string();
            format!("{}://{}", own.scheme, origin::host(uri, headers).unwrap_or(&listen))
        }
    }
}

/// Who knocks, by the address of the connection.
pub fn address(extensions: &Extensions) -> IpAddr {
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// A session cookie for the browser.
pub struct Welcome {
    pub cookie: HeaderValue,
}

/// Starts a session for `user` and ends the one that the browser came with: what somebody planted before is worth nothing after.
pub fn welcome(tx: &mut Tx<'_>, user: &user::User, headers: &HeaderMap, now: Timestamp) -> Result<Welcome, Failure> {
    if let Some(earlier) = cookie::read(headers, cookie::SESSION) {
        session::end(tx, &earlier)?;
    }
    let (secret, expires) = session::start(tx, user, session::Limits::default(), now)?;
    let cookie = cookie::set(cookie::SESSION, secret.expose(), expires.duration_since(now).as_secs());
    Ok(Welcome { cookie: cookie.ok_or_else(|| Failure::other("the session makes no cookie"))? })
}

/// Refuses what another site's page sends to a public address that changes something.
pub fn check_sender(plane: &Plane, parts: &Parts) -> Result<(), Problem> {
    origin::check_sender(&parts.uri, &parts.headers, own(plane)).map_err(foreign)
}

/// Writes a refused sign-in into the trail.
pub async fn refused(plane: &Plane, action: &'static str, name: &str, address: IpAddr, why: &str) {
    // One count for all names: who guesses has many.
    if !plane.sign_in().denials.allow_person("\0sign-in", address, plane.now().as_second()) {
        return;
    }
    let detail = serde_json::json!({ "address": address.to_string(), "why": why });
    denials::write(plane, name, action, "sign-in", detail).await;
}
