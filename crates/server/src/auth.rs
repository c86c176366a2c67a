//! Who asks, and what they may do. Every handler takes a [`Caller`]; without one, nothing is answered.

use axum::extract::FromRequestParts;
use http::request::Parts;
use rampart_store::Scope;
use utoipa_axum::router::OpenApiRouter;

use crate::{Plane, Problem};

/// Below `/api/v1`: sign-in, sessions, tokens, role mapping.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Viewer,
    Auditor,
    Operator,
    Admin,
}

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    name: String,
    role: Role,
}

impl Caller {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// # Errors
    /// The caller has a lesser role everywhere.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        if self.role >= role { Ok(()) } else { Err(Problem::forbidden("your role does not allow this")) }
    }

    /// # Errors
    /// The caller has a lesser role in this namespace of this cluster.
    pub fn require_at(&self, role: Role, _cluster: &str, _namespace: &str) -> Result<(), Problem> {
        self.require(role)
    }
}

impl Caller {
    /// Where the caller has at least this role.
    pub fn scope(&self, role: Role) -> Scope {
        if self.role >= role { Scope::all() } else { Scope::nothing() }
    }
}

impl FromRequestParts<Plane> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _plane: &Plane) -> Result<Self, Problem> {
        // Only a test can put somebody among the extensions of a request.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::unauthenticated("sign in first"))
    }
}
