//! The home page in one answer.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::cluster::{ClusterBrief, ControlState, TrendPoint};
use super::finding::{Change, Counts, Subject};
use super::words;

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    pub score: Option<u8>,
    pub coverage: u8,
    pub counts: Counts,
    pub clusters: ClusterCounts,
    pub controls: Vec<FleetControl>,
    pub fix_first: Vec<FixFirst>,
    /// The newest first, at most 20.
    pub changes: Vec<Change>,
    pub deadlines: Vec<Deadline>,
    pub agents: Vec<ClusterBrief>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClusterCounts {
    pub total: u64,
    pub up: u64,
    pub late: u64,
    pub never: u64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FleetControl {
    #[serde(flatten)]
    pub state: ControlState,
    pub clusters: VerdictCounts,
    /// 30 days, the oldest first.
    pub trend: Vec<TrendPoint>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct VerdictCounts {
    pub pass: u64,
    pub fail: u64,
    pub unknown: u64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FixFirst {
    pub rule: String,
    pub title: String,
    pub control: String,
    #[schema(value_type = words::Severity)]
    pub severity: &'static str,
    pub cause: Option<Subject>,
    pub cluster: Option<String>,
    pub findings: u64,
    pub clusters: u64,
    pub subjects: u64,
    pub fixable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deadline {
    #[schema(value_type = words::DeadlineKind)]
    pub kind: &'static str,
    pub title: String,
    pub at: String,
    pub cluster: Option<String>,
    pub link: Option<String>,
}
