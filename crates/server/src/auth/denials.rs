//! Refusals are in the trail: a layer around the API looks at what was answered. The trail is forever and nobody must be able to
//! fill it, so that within a quarter of an hour a person's refusals are written up to a bound that no honest day reaches, and
//! those of strangers (a wrong token, an old cookie) once for each address. The log has all of them.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use http::header::AUTHORIZATION;
use rampart_store::audit::{self, Deed, Outcome};
use serde_json::{Value, json};

use super::throttle::{Limits, Throttle};
use super::{cookie, door};
use crate::Plane;
use crate::plane::blocking;

/// The place where the extractor leaves the name for this layer.
#[derive(Debug, Clone, Default)]
pub struct Who(Arc<OnceLock<String>>);

impl Who {
    pub fn is(&self, name: &str) {
        // Whoever was found first: a request has one caller.
        let _ = self.0.set(name.to_owned());
    }
}

/// How much of the refused is written.
pub struct Bounds {
    people: Throttle,
    strangers: Throttle,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            people: Throttle::new(Limits { both: 300, address: 3000, account: 300 }),
            strangers: Throttle::new(Limits { both: 1, address: 1, account: 100 }),
        }
    }
}

impl Bounds {
    fn allow(throttle: &Throttle, account: &str, address: IpAddr, now: i64) -> bool {
        let allowed = throttle.wait(account, address, now).is_none();
        if allowed {
            throttle.count(account, address, now);
        }
        allowed
    }

    /// Somebody who is known, or who got as far as a sign-in that failed.
    pub fn allow_person(&self, name: &str, address: IpAddr, now: i64) -> bool {
        Self::allow(&self.people, name, address, now)
    }

    fn allow_stranger(&self, address: IpAddr, now: i64) -> bool {
        Self::allow(&self.strangers, "", address, now)
    }
}

/// The layer: `middleware::from_fn_with_state(plane, record)`.
pub async fn record(State(plane): State<Plane>, mut request: Request, next: Next) -> Response {
    let who = Who::default();
    request.extensions_mut().insert(who.clone());
    let address = door::address(request.extensions());
    let presents =
        request.headers().contains_key(AUTHORIZATION) || cookie::read(request.headers(), cookie::SESSION).is_some();
    let pattern = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let status = response.status();
    let known = who.0.get();
    let denied = match known {
        Some(_) => status == StatusCode::FORBIDDEN,
        None => status == StatusCode::UNAUTHORIZED && presents,
    };
    if denied {
        let name = known.map_or("unknown", String::as_str);
        let action = format!("{method} {}", pattern.as_deref().unwrap_or("elsewhere"));
        tracing::warn!(actor = name, %action, %address, %status, "denied");
        let (bounds, now) = (&plane.sign_in().denials, plane.now().as_second());
        let is_written = match known {
            Some(name) => bounds.allow_person(name, address, now),
            None => bounds.allow_stranger(address, now),
        };
        if is_written {
            let detail = json!({ "status": status.as_u16(), "address": address.to_string() });
            write(&plane, name, &action, &path, detail).await;
        }
    }
    response
}

/// Writes a denial. Where even that fails the answer stays a refusal, and the log says so.
pub async fn write(plane: &Plane, actor: &str, action: &str, object: &str, detail: Value) {
    let (store, now) = (plane.store().clone(), plane.now());
    let (actor, action, object) = (actor.to_owned(), action.to_owned(), object.to_owned());
    let written = blocking(move || {
        let detail = if let Value::Object(detail) = &detail { detail.clone() } else { serde_json::Map::new() };
        store.write(|tx| {
            let deed = Deed {
                actor: &actor,
                action: &action,
                object: &object,
                outcome: Outcome::Denied,
                detail: detail.clone(),
            };
            audit::append(tx, now, &deed)
        })
    })
    .await;
    if let Err(problem) = written {
        tracing::error!(%problem, "a denial could not be written to the trail");
    }
}
