//! Exceptions that people ask for and others decide: requested, then approved or rejected, until revoked or expired.
//! An approved one is part of what the plane wants of each cluster that it covers.

pub mod covered;
pub mod decide;
pub mod expire;
pub mod matches;
pub mod read;
pub mod request;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use rampart_model::waiver::SubjectSelector;
use rampart_protocol::batch::DesiredWaiver;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::row::Row;

pub use decide::Decision;
pub use request::{Bulk, Request, Selected};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Requested,
    Approved,
    Rejected,
    Expired,
    Revoked,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Requested, Self::Approved, Self::Rejected, Self::Expired, Self::Revoked];

    pub fn id(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl std::str::FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.id() == text).ok_or_else(|| {
            let text = text.escape_debug();
            format!("unknown state `{text}`: use requested, approved, rejected, expired or revoked")
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiver {
    pub id: String,
    /// A rule id, or a glob.
    pub rule: String,
    /// Globs; empty covers all.
    pub clusters: Vec<String>,
    pub kind: Option<String>,
    pub namespace: Option<String>,
    pub name: Option<String>,
    pub key: Option<String>,
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
    pub state: State,
    /// The name; the identity behind it stays in the store.
    pub requested_by: String,
    pub requested_at: Timestamp,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub comment: Option<String>,
    #[serde(skip)]
    pub requester: String,
}

pub(crate) const COLUMNS: &str = "id, rule, clusters, kind, namespace, name, key, reason, owner, expires, state, \
     requested_by_name, requested_at, decided_by_name, decided_at, comment, requested_by";

impl Waiver {
    pub(crate) fn read(row: &mut Row) -> Result<Self, Failure> {
        Ok(Self {
            id: row.take()?,
            rule: row.take()?,
            clusters: crate::json::read(&row.take::<String>()?)?,
            kind: row.take()?,
            namespace: row.take()?,
            name: row.take()?,
            key: row.take()?,
            reason: row.take()?,
            owner: row.take()?,
            expires: row.take::<String>()?.parse().map_err(|_| Failure::corrupt("a waiver's last day is no day"))?,
            state: row.take::<String>()?.parse().map_err(Failure::corrupt)?,
            requested_by: row.take()?,
            requested_at: row.take()?,
            decided_by: row.take()?,
            decided_at: row.take()?,
            comment: row.take()?,
            requester: row.take()?,
        })
    }

    /// As every evaluation takes it.
    pub fn to_model(&self) -> rampart_model::Waiver {
        rampart_model::Waiver {
            rule: self.rule.clone(),
            subject: SubjectSelector {
                kind: self.kind.clone(),
                namespace: self.namespace.clone(),
                name: self.name.clone(),
                key: self.key.clone(),
            },
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            expires: self.expires,
            origin: format!("waiver {}", self.id),
        }
    }

    /// As an agent is told of it.
    pub fn to_desired(&self) -> DesiredWaiver {
        DesiredWaiver {
            id: self.id.clone(),
            rule: self.rule.clone(),
            kind: self.kind.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            key: self.key.clone(),
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            expires: self.expires.to_string(),
        }
    }

    /// What of it matters for who asked for what, in the trail.
    pub(crate) fn outline(&self) -> serde_json::Value {
        serde_json::json!({
            "rule": self.rule, "clusters": self.clusters, "kind": self.kind, "namespace": self.namespace,
            "name": self.name, "key": self.key, "owner": self.owner, "expires": self.expires.to_string(),
            "requestedBy": self.requested_by,
        })
    }
}
