//! What somebody may do and where: a role over clusters and namespaces by globs. Pure, so that the effect of a change
//! can be shown before it is made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::glob;

/// Each role may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads everything that proves something: the trail, reports.
    Auditor,
    /// Decides waivers, asks for rescans.
    Operator,
    /// Changes who may do what.
    Admin,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Auditor, Self::Operator, Self::Admin];

    pub fn id(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.id() == text)
            .ok_or_else(|| format!("unknown role `{}`: use viewer, auditor, operator or admin", text.escape_debug()))
    }
}

/// A role where both globs match. An empty list stands for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RoleGrant {
    pub role: Role,
    #[serde(default)]
    pub clusters: Vec<String>,
    #[serde(default)]
    pub namespaces: Vec<String>,
}

impl RoleGrant {
    /// A role over everything.
    pub fn everywhere(role: Role) -> Self {
        Self { role, clusters: Vec::new(), namespaces: Vec::new() }
    }

    /// What is left of this grant in the hands of somebody who holds `owner`: a token never may more than who made it,
    /// also after that person lost a role. Errs towards less where two globs only overlap.
    pub fn limited_by(&self, owner: &[Self]) -> Vec<Self> {
        let mut left: Vec<Self> = owner
            .iter()
            .filter_map(|held| {
                Some(Self {
                    role: self.role.min(held.role),
                    clusters: narrowed(&self.clusters, &held.clusters)?,
                    namespaces: narrowed(&self.namespaces, &held.namespaces)?,
                })
            })
            .collect();
        left.sort();
        left.dedup();
        left
    }

    /// True where one of `grants` allows all that this one does.
    pub fn is_within(&self, grants: &[Self]) -> bool {
        grants.iter().any(|held| {
            held.role >= self.role
                && glob::all_covered(&held.clusters, &self.clusters)
                && glob::all_covered(&held.namespaces, &self.namespaces)
        })
    }
}

/// The globs that both lists agree on; none where that is nothing.
fn narrowed(wanted: &[String], held: &[String]) -> Option<Vec<String>> {
    if wanted.is_empty() || held.is_empty() {
        return Some(if wanted.is_empty() { held.to_vec() } else { wanted.to_vec() });
    }
    let mut common: Vec<String> = Vec::new();
    for (wanted, held) in wanted.iter().flat_map(|wanted| held.iter().map(move |held| (wanted, held))) {
        if glob::covers(held, wanted) {
            common.push(wanted.clone());
        } else if glob::covers(wanted, held) {
            common.push(held.clone());
        }
    }
    common.sort();
    common.dedup();
    (!common.is_empty()).then_some(common)
}

#[cfg(test)]
mod tests {
    use super::{Role, RoleGrant};

    fn grant(role: Role, clusters: &[&str], namespaces: &[&str]) -> RoleGrant {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        RoleGrant { role, clusters: owned(clusters), namespaces: owned(namespaces) }
    }

    #[test]
    fn roles_are_ordered_and_read_back() {
        assert!(Role::Viewer < Role::Auditor && Role::Operator < Role::Admin);
        for role in Role::ALL {
            assert_eq!(role.id().parse(), Ok(role));
        }
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn a_token_never_may_more_than_who_made_it() {
        let token = grant(Role::Admin, &[], &[]);
        let owner = [grant(Role::Operator, &["prod-*"], &["shop"]), grant(Role::Viewer, &[], &[])];
        let left = token.limited_by(&owner);
        assert_eq!(left, [grant(Role::Viewer, &[], &[]), grant(Role::Operator, &["prod-*"], &["shop"])]);
        assert!(!token.is_within(&owner));
        assert!(grant(Role::Operator, &["prod-eu"], &["shop"]).is_within(&owner));
        assert!(!grant(Role::Operator, &["prod-eu"], &[]).is_within(&owner));
    }

    #[test]
    fn a_token_keeps_its_own_bounds() {
        let token = grant(Role::Viewer, &["prod-eu", "lab"], &["shop"]);
        assert_eq!(token.limited_by(&[RoleGrant::everywhere(Role::Admin)]), std::slice::from_ref(&token));
        assert_eq!(
            token.limited_by(&[grant(Role::Admin, &["prod-*"], &[])]),
            [grant(Role::Viewer, &["prod-eu"], &["shop"])]
        );
        assert!(token.limited_by(&[grant(Role::Admin, &["test"], &[])]).is_empty());
    }
}
