//! Clusters, what each control says of them, and what could not be seen.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::finding::Counts;
use super::words;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ControlState {
    pub id: &'static str,
    pub title: &'static str,
    #[schema(value_type = words::Layer)]
    pub layer: &'static str,
    #[schema(value_type = words::Phase)]
    pub phase: &'static str,
    #[schema(value_type = words::Verdict)]
    pub verdict: &'static str,
    /// 0 to 100; null where nothing was examined.
    pub score: Option<u8>,
    /// How much of it could be seen, in percent.
    pub coverage: u8,
    pub examined: u64,
    pub counts: Counts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrendPoint {
    #[schema(value_type = String, format = Date)]
    pub day: String,
    pub score: Option<u8>,
    pub open: u64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterBrief {
    pub name: String,
    #[schema(value_type = words::SourceKind)]
    pub source: String,
    pub detail: String,
    #[schema(value_type = words::ClusterState)]
    pub state: &'static str,
    pub problem: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_evaluation: Option<Timestamp>,
    pub version: Option<String>,
    pub objects: u64,
    pub score: Option<u8>,
    pub coverage: u8,
    pub counts: Counts,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cluster {
    #[serde(flatten)]
    pub brief: ClusterBrief,
    pub uid: Option<String>,
    pub controls: Vec<ControlState>,
    pub trend: Vec<TrendPoint>,
    pub namespaces: Vec<Namespace>,
    pub gaps: Vec<Gap>,
    pub diagnostics: Vec<Diagnostic>,
    pub kinds: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Namespace {
    pub name: String,
    pub score: Option<u8>,
    pub complete: bool,
    #[schema(value_type = BTreeMap<String, words::PartState>)]
    pub parts: BTreeMap<String, String>,
    pub counts: Counts,
}

/// What could not be seen, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gap {
    pub cluster: String,
    pub control: String,
    pub rule: String,
    pub reason: String,
    pub remedy: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Diagnostic {
    pub source: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
    /// True where something was left out because of it.
    pub lost: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Compliance {
    pub controls: Vec<ControlName>,
    pub clusters: Vec<ComplianceRow>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ControlName {
    pub id: &'static str,
    pub title: &'static str,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComplianceRow {
    pub name: String,
    /// In the order of `controls`; null where the cluster was not evaluated, or is not seen whole.
    pub cells: Vec<Option<ControlState>>,
}
