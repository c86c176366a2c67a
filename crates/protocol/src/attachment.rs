//! What agents will tell beside findings: facts of nodes, results of images. Their place is here, so that agents that
//! send them speak the protocol that planes of today understand; each says in which form it is written.

use serde::{Deserialize, Serialize};

/// What was read on one node. Replaces what was known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeFacts {
    /// The form of `facts`, from 1. A plane passes over forms that it does not know.
    pub form: u32,
    /// The name of the Node object.
    pub node: String,
    /// RFC 3339.
    pub at: String,
    pub facts: Vec<NodeFact>,
}

/// One setting or file mode, as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeFact {
    /// What is meant, such as `kubelet.anonymous-auth`.
    pub id: String,
    /// None where it could not be read.
    pub value: Option<String>,
    /// Where it stands.
    pub source: String,
}

/// What was found in one image. Replaces what was known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageResult {
    /// The form of the rest, from 1. A plane passes over forms that it does not know.
    pub form: u32,
    /// `sha256:` and 64 hexadecimal digits: of the manifest that runs.
    pub digest: String,
    /// References under which pods run it.
    pub names: Vec<String>,
    /// `os/architecture`.
    pub platform: String,
    /// RFC 3339.
    pub at: String,
    /// Package URLs.
    pub packages: Vec<String>,
}
