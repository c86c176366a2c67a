//! How an agent gets in, and stays. The join token stands in the header `authorization`, as a bearer; never in a body.

use serde::{Deserialize, Serialize};

/// `POST /agent/v1/join`. Asking again with the same key is asking for the answer that was lost, and costs no use of the
/// token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Join {
    pub protocol: u32,
    pub agent_version: String,
    /// The name that the cluster is to have, where the token does not say it.
    #[serde(default)]
    pub cluster: Option<String>,
    /// The uid of the namespace `kube-system`.
    pub cluster_uid: String,
    /// PKCS #10 in PEM. Of it, only the key counts.
    pub request: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    /// [`crate::version::CURRENT`] of the plane.
    #[serde(default = "crate::version::first")]
    pub protocol: u32,
    /// The agent's id.
    pub agent: String,
    pub cluster: String,
    /// None while somebody has to let the agent in: ask again.
    #[serde(default)]
    pub certificate: Option<Certificate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// PEM.
    pub certificate: String,
    /// RFC 3339, by the plane's clock.
    pub not_before: String,
    /// RFC 3339, by the plane's clock.
    pub not_after: String,
}

/// `POST /agent/v1/renew`, as the agent that it is, with a new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Renew {
    pub protocol: u32,
    pub request: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Renewed {
    pub certificate: Certificate,
}
