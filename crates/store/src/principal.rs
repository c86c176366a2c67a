//! Whoever makes a request: a person by session or token, with what they may do.

use serde::Serialize;

use crate::actor::Actor;
use crate::role::{Role, RoleGrant};
use crate::scope::{Grant, Scope};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Local,
    Oidc,
    Token,
    Agent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The user's id, also where a token of theirs was presented: four eyes are two people, not two tokens.
    pub id: String,
    /// What the trail says.
    pub name: String,
    pub email: Option<String>,
    pub source: Source,
    pub grants: Vec<RoleGrant>,
}

impl Principal {
    pub fn actor(&self) -> Actor<'_> {
        Actor { id: &self.id, name: &self.name }
    }

    /// The highest role anywhere; none where there is no grant.
    pub fn role(&self) -> Option<Role> {
        self.grants.iter().map(|grant| grant.role).max()
    }

    /// True where `role` or a higher one is held somewhere.
    pub fn may(&self, role: Role) -> bool {
        self.role() >= Some(role)
    }

    /// Where `role` or a higher one is held.
    pub fn scope(&self, role: Role) -> Scope {
        let held = self.grants.iter().filter(|grant| grant.role >= role);
        Scope::of(
            held.map(|grant| Grant { clusters: grant.clusters.clone(), namespaces: grant.namespaces.clone() })
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Principal, Source};
    use crate::role::{Role, RoleGrant};

    #[test]
    fn a_scope_is_where_the_role_or_a_higher_one_is_held() {
        let operator = RoleGrant { role: Role::Operator, clusters: vec!["prod".into()], namespaces: Vec::new() };
        let grants = vec![RoleGrant::everywhere(Role::Viewer), operator];
        let principal = Principal { id: "u".into(), name: "ada".into(), email: None, source: Source::Local, grants };
        assert!(principal.scope(Role::Viewer).is_all());
        assert!(
            principal.scope(Role::Auditor).sees("prod", "shop")
                && !principal.scope(Role::Operator).sees("test", "shop")
        );
        assert!(principal.may(Role::Operator) && !principal.may(Role::Admin));
        assert!(!principal.scope(Role::Admin).sees_some("prod"));
        let nobody = Principal { grants: Vec::new(), ..principal };
        assert!(!nobody.may(Role::Viewer) && !nobody.scope(Role::Viewer).sees_some("prod"));
    }
}
