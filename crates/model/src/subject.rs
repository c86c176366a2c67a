//! What a finding is about: one object, by the names that a person knows it by.

use std::fmt;

use crate::name::Name;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    pub api_version: Name,
    pub kind: Name,
    /// Empty for cluster-scoped objects.
    pub namespace: Name,
    pub name: Name,
}

impl Subject {
    /// The cluster as a whole, for what no single object answers for.
    pub fn cluster() -> Self {
        Self { api_version: "".into(), kind: "Cluster".into(), namespace: "".into(), name: "".into() }
    }

    pub fn namespace(name: &str) -> Self {
        Self { api_version: "v1".into(), kind: "Namespace".into(), namespace: "".into(), name: name.into() }
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

impl fmt::Display for Subject {
    /// `Kind/name` or `Kind/namespace/name`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        for part in [&self.namespace, &self.name] {
            if !part.is_empty() {
                write!(f, "/{part}")?;
            }
        }
        Ok(())
    }
}
