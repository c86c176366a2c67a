//! Who made a request: found by session cookie or API token, with what they may do right now.

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use jiff::Timestamp;
use rampart_store::principal::Source;
use rampart_store::role::{Role, RoleGrant};
use rampart_store::{Actor, Principal, Scope, Secret, session, token};

use super::denials::Who;
use super::{cookie, door, origin};
use crate::plane::blocking;
use crate::{Plane, Problem};

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    principal: Principal,
    by: By,
}

/// What a request proved itself with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum By {
    Session {
        csrf: Csrf,
        expires: Timestamp,
    },
    /// By its id.
    Token(String),
}

/// The value against cross-site requests; not for logs.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Csrf(pub String);

impl std::fmt::Debug for Csrf {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Csrf(..)")
    }
}

impl Caller {
    pub fn name(&self) -> &str {
        &self.principal.name
    }

    /// For the store: who does it.
    pub fn actor(&self) -> Actor<'_> {
        self.principal.actor()
    }

    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    pub(super) fn by(&self) -> &By {
        &self.by
    }

    /// Whether the role or a higher one is held somewhere; an administrator's role counts only over everything, since what it
    /// allows has no bounds.
    ///
    /// # Errors
    /// The caller has a lesser role everywhere.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        let held = if role == Role::Admin { self.holds_everywhere(role) } else { self.principal.may(role) };
        if held { Ok(()) } else { Err(refused(role)) }
    }

    /// # Errors
    /// The caller does not have the role over all clusters and namespaces.
    pub fn require_everywhere(&self, role: Role) -> Result<(), Problem> {
        if self.holds_everywhere(role) { Ok(()) } else { Err(refused(role)) }
    }

    /// For a namespace of a cluster; the empty one is the cluster itself.
    ///
    /// # Errors
    /// The caller has a lesser role there.
    pub fn require_at(&self, role: Role, cluster: &str, namespace: &str) -> Result<(), Problem> {
        if self.scope(role).sees(cluster, namespace) { Ok(()) } else { Err(refused(role)) }
    }

    /// Where the caller has at least this role.
    pub fn scope(&self, role: Role) -> Scope {
        self.principal.scope(role)
    }

    /// Only a browser that is signed in may do this, not a token.
    ///
    /// # Errors
    /// The request came with a token.
    pub(super) fn require_session(&self) -> Result<(), Problem> {
        match self.by {
            By::Session { .. } => Ok(()),
            By::Token(_) => Err(Problem::forbidden("a token may not do this: sign in with a browser")),
        }
    }

    fn holds_everywhere(&self, role: Role) -> bool {
        RoleGrant::everywhere(role).is_within(&self.principal.grants)
    }

    async fn of_token(plane: &Plane, secret: Secret) -> Result<Option<Self>, Problem> {
        let now = plane.now();
        let store = plane.store().clone();
        let found = blocking(move || store.read(|tx| token::find(tx, &secret, now))).await?;
        let Some(token::Presented { id, principal, stale }) = found else { return Ok(None) };
        if stale {
            let (store, id) = (plane.store().clone(), id.clone());
            // Only the time of the last use: the request need not wait, nor fail, for it.
            drop(tokio::task::spawn_blocking(move || store.write(|tx| token::touch(tx, &id, now))));
        }
        Ok(Some(Self { principal, by: By::Token(id) }))
    }

    async fn of_session(plane: &Plane, secret: Secret) -> Result<Option<Self>, Problem> {
        let now = plane.now();
        let store = plane.store().clone();
        let (secret, found) = blocking(move || {
            let found = store.read(|tx| session::find(tx, &secret, now));
            found.map(|found| (secret, found))
        })
        .await?;
        let Some(session::Session { principal, expires, stale }) = found else { return Ok(None) };
        let csrf = Csrf(origin::csrf(&secret).expose().to_owned());
        if stale {
            let store = plane.store().clone();
            drop(tokio::task::spawn_blocking(move || store.write(|tx| session::touch(tx, &secret, now))));
        }
        Ok(Some(Self { principal, by: By::Session { csrf, expires } }))
    }
}

fn refused(role: Role) -> Problem {
    Problem::forbidden(format!("your role does not allow this: it takes the role {role} there"))
}

impl FromRequestParts<Plane> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, plane: &Plane) -> Result<Self, Problem> {
        let caller = found(parts, plane).await?;
        if let Some(who) = parts.extensions.get::<Who>() {
            who.is(caller.name());
        }
        Ok(caller)
    }
}

/// A header that names a token decides alone: who sends one does not mean the cookie.
async fn found(parts: &Parts, plane: &Plane) -> Result<Caller, Problem> {
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let text = header.to_str().unwrap_or_default();
        let secret = match text.split_once(' ') {
            Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => secret.trim(),
            _ => return Err(Problem::unauthenticated("the header `authorization` must be `Bearer` and a token")),
        };
        if !secret.starts_with(token::PREFIX) || secret.len() > 200 {
            return Err(Problem::unauthenticated("this is no token of Rampart: they begin with `rmp_`"));
        }
        let caller = Caller::of_token(plane, Secret::presented(secret)).await?;
        return caller.ok_or_else(|| Problem::unauthenticated("the token is unknown, revoked or over"));
    }
    let Some(secret) = cookie::read(&parts.headers, cookie::SESSION) else {
        return Err(Problem::unauthenticated("sign in first"));
    };
    let check = origin::check(&parts.method, &parts.uri, &parts.headers, door::own(plane), &secret);
    let caller = Caller::of_session(plane, secret).await?;
    let caller = caller.ok_or_else(|| Problem::unauthenticated("the session is over: sign in again"))?;
    if let (Err(foreign), Some(who)) = (check, parts.extensions.get::<Who>()) {
        who.is(caller.name());
        tracing::warn!(?foreign, "a request with a session of somebody did not come from the plane's own pages");
    }
    check.map_err(door::foreign)?;
    Ok(caller)
}

pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Local => "local",
        Source::Oidc => "oidc",
        Source::Token | Source::Agent => "token",
    }
}
