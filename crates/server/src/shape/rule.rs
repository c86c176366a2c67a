//! Rules with their documentation, and how many findings each has.

use rampart_model as model;
use serde::Serialize;
use utoipa::ToSchema;

use super::finding::Mapping;
use super::words;

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    pub id: &'static str,
    pub control: &'static str,
    #[schema(value_type = words::Severity)]
    pub severity: &'static str,
    pub title: &'static str,
    pub why: &'static str,
    pub fix: &'static str,
    pub maps_to: Vec<Mapping>,
    pub open: u64,
    pub clusters: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examples: Option<Examples>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Examples {
    pub bad: Option<String>,
}

impl Rule {
    pub fn of(rule: &'static model::Rule, open: u64, clusters: u64) -> Self {
        Self {
            id: rule.id,
            control: rule.control.id(),
            severity: rule.severity.id(),
            title: rule.title,
            why: rule.why,
            fix: rule.fix,
            maps_to: mappings(rule),
            open,
            clusters,
            examples: None,
        }
    }
}

pub fn mappings(rule: &model::Rule) -> Vec<Mapping> {
    let mapping =
        |mapping: &model::rule::Mapping| Mapping { standard: mapping.0.title().to_owned(), id: mapping.1.to_owned() };
    rule.maps_to.iter().map(mapping).collect()
}
