//! Waivers as people ask for them and decide on them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::words;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiver {
    pub id: String,
    /// A rule id, or a glob over ids.
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
    #[schema(value_type = String, format = Date)]
    pub expires: String,
    #[schema(value_type = words::WaiverState)]
    pub state: &'static str,
    pub requested_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Timestamp,
    pub decided_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    pub comment: Option<String>,
    /// Findings that it covers now.
    pub matches: u64,
}
