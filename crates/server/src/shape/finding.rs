//! Findings: in a list, and one with all that is known of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::waiver::Waiver;
use super::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Counts {
    pub critical: u64,
    pub high: u64,
    pub medium: u64,
    pub low: u64,
    pub info: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    pub api_version: String,
    pub kind: String,
    /// Empty for what belongs to a cluster as a whole.
    pub namespace: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingBrief {
    pub cluster: String,
    pub fingerprint: String,
    pub rule: String,
    pub title: String,
    pub control: &'static str,
    #[schema(value_type = words::Severity)]
    pub severity: &'static str,
    pub subject: Subject,
    pub key: String,
    pub message: String,
    #[schema(value_type = words::FindingState)]
    pub state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    pub first_seen: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub last_seen: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved: Option<Timestamp>,
    pub fixable: bool,
    /// What excuses it, such as `waiver w_..`, or where the waiver is written.
    pub waiver: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finding {
    #[serde(flatten)]
    pub brief: FindingBrief,
    pub evidence: Evidence,
    pub why: String,
    pub fix: String,
    #[serde(rename = "mapsTo")]
    pub maps_to: Vec<Mapping>,
    /// `{op, path, value}`, `{op, path}` or `{op, yaml}`.
    #[schema(value_type = Vec<Object>)]
    pub remedies: serde_json::Value,
    pub cause: Option<Subject>,
    /// The day that it is about, where there is one: a certificate's end.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    pub history: Vec<Moment>,
    pub waivers: Vec<Waiver>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    pub path: String,
    pub location: Option<Location>,
    pub value: Option<String>,
    pub excerpt: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Location {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleMapping)]
pub struct Mapping {
    pub standard: String,
    pub id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Moment {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[schema(value_type = words::ChangeWord)]
    pub change: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[schema(value_type = words::ChangeWord)]
    pub change: &'static str,
    pub finding: FindingBrief,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Group {
    pub key: String,
    pub label: String,
    pub rule: Option<String>,
    #[schema(value_type = words::Severity)]
    pub severity: &'static str,
    pub findings: u64,
    pub clusters: u64,
    pub subjects: u64,
    pub fixable: u64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Workload {
    pub cluster: String,
    pub subject: Subject,
    pub counts: Counts,
    pub controls: Vec<ControlCounts>,
    pub findings: Vec<FindingBrief>,
    pub history: Vec<Change>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ControlCounts {
    pub id: &'static str,
    pub title: &'static str,
    pub counts: Counts,
}
