//! JSON that several parts of sign-in answer with.

use jiff::Timestamp;
use rampart_store::role::{Role, RoleGrant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Each role may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
pub enum RoleName {
    Viewer,
    Auditor,
    Operator,
    Admin,
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Auditor => Self::Auditor,
            Role::Operator => Self::Operator,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Viewer => Self::Viewer,
            RoleName::Auditor => Self::Auditor,
            RoleName::Operator => Self::Operator,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// A role where both lists of globs match; an empty list means all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RoleGrant)]
pub struct GrantBody {
    pub role: RoleName,
    #[serde(default)]
    pub clusters: Vec<String>,
    #[serde(default)]
    pub namespaces: Vec<String>,
}

impl From<RoleGrant> for GrantBody {
    fn from(grant: RoleGrant) -> Self {
        Self { role: grant.role.into(), clusters: grant.clusters, namespaces: grant.namespaces }
    }
}

impl From<GrantBody> for RoleGrant {
    fn from(grant: GrantBody) -> Self {
        Self { role: grant.role.into(), clusters: grant.clusters, namespaces: grant.namespaces }
    }
}

pub fn grants(grants: Vec<RoleGrant>) -> Vec<GrantBody> {
    grants.into_iter().map(GrantBody::from).collect()
}

/// A whole list in one answer, in the shape of lists that come in pages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Whole<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Whole<T> {
    pub fn of(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// An instant as the API writes it: RFC 3339 in UTC.
pub fn instant(at: Timestamp) -> String {
    at.to_string()
}
