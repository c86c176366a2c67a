//! Requests and answers of the agent's four endpoints. Every list is bounded by [`crate::codec::MAX_BYTES`].

use serde::{Deserialize, Serialize};

use crate::attachment::{ImageResult, NodeFacts};
use crate::digest::Buckets;
use crate::record::Record;
use crate::state::Summary;

/// `POST /agent/v1/batch`: changes since what was acknowledged last. Applied as a whole or not at all; the same sequence
/// number twice is acknowledged twice and applied once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// [`crate::version::CURRENT`] of the sender.
    pub protocol: u32,
    /// Chosen at random when the sender starts counting anew: a sequence number means something within one epoch only.
    pub epoch: String,
    /// 1, 2, 3.. within the epoch.
    pub sequence: u64,
    /// When the evaluation ended by the sender's clock, RFC 3339. The plane keeps its own time for history.
    pub at: String,
    /// None where it did not change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Box<Summary>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upserts: Vec<Record>,
    /// Fingerprints that are gone, each with its rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removes: Vec<Removal>,
    /// Rules whose records in `upserts`, with those that `keeps` names, are all there are: what the plane holds beyond
    /// them is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<String>,
    /// Fingerprints of replaced rules that earlier parts of the same change have brought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<String>,
    /// What was found on nodes. Nothing sends any yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeFacts>,
    /// What was found in images. Nothing sends any yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageResult>,
    /// The digests of all buckets that the change touches, as they must be after it. Of a change in several parts, only
    /// the last one has them.
    #[serde(default)]
    pub buckets: Buckets,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    pub rule: String,
    pub fingerprint: String,
}

/// The answer to a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ack {
    pub sequence: u64,
    /// Batches that the plane takes at once before the next answer; 0 asks to wait.
    pub credit: u32,
    /// The version of [`Desired`] that now holds.
    pub desired: u64,
    /// Rules whose bucket differs: send them again as `replaces`.
    #[serde(default)]
    pub resync: Vec<String>,
}

/// `POST /agent/v1/sync`: the whole state by digests, at the start and after a quarrel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sync {
    pub protocol: u32,
    pub agent_version: String,
    pub epoch: String,
    /// The digest of the summary's JSON.
    pub summary: crate::digest::Digest,
    pub buckets: Buckets,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Synced {
    /// [`crate::version::CURRENT`] of the plane.
    #[serde(default = "crate::version::first")]
    pub protocol: u32,
    /// What to send as `replaces`; empty where both sides hold the same.
    pub resync: Vec<String>,
    pub wants_summary: bool,
    pub credit: u32,
    pub desired: u64,
}

/// `GET /agent/v1/desired?after=VERSION`: what the plane wants of the agent, as soon as it is newer than `VERSION`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Desired {
    pub version: u64,
    /// Approved waivers for this cluster.
    pub waivers: Vec<DesiredWaiver>,
    /// Registries that images may come from; empty means no list was given.
    #[serde(default)]
    pub allowed_registries: Vec<String>,
    /// Evaluate again now, whatever changed: raised by one each time somebody asks.
    #[serde(default)]
    pub rescan: u64,
}

impl Desired {
    /// Before anything was heard of the plane.
    pub fn nothing() -> Self {
        Self { version: 0, waivers: Vec::new(), allowed_registries: Vec::new(), rescan: 0 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredWaiver {
    pub id: String,
    pub rule: String,
    pub kind: Option<String>,
    pub namespace: Option<String>,
    pub name: Option<String>,
    pub key: Option<String>,
    pub reason: String,
    pub owner: String,
    /// `YYYY-MM-DD`, the last day on which it holds.
    pub expires: String,
}
