//! Compliance frameworks as data: which rules answer which requirement of a standard, and the verdict that follows.
//!
//! Those that Rampart knows stand in `crates/report/frameworks`, a YAML file each; users bring their own in the same form.
//! A rule answers a requirement because the requirement names it (`rbac/read-secrets`, `rbac/*`), or because the rule
//! itself names the requirement: then a rule that arrives later is in the framework without a change to it.
//! A requirement that no rule answers is not assessable here, and is listed as such.

mod assess;
mod catalogue;
mod list;
mod read;

use rampart_model::Rule;

pub use assess::{Seen, SeenRule, restrict};
pub use catalogue::builtin;
pub use list::list;
pub use read::read;

/// The name and version of the file's form.
pub const SCHEMA: &str = "rampart.framework/v1";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// Lower-case letters, digits, `-` and `.`.
    pub id: String,
    pub title: String,
    pub version: String,
    /// Who publishes the standard, and which part of it stands here.
    pub source: String,
    /// The title of a standard by which rules name the requirements that they answer.
    pub standard: Option<String>,
    pub requirements: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    pub id: String,
    pub title: String,
    /// Rule ids, or beginnings that end in `*`.
    pub rules: Vec<String>,
    /// The ids by which rules name this requirement; without any, its own.
    pub mapped: Vec<String>,
    /// What the answer leaves out, or why there is none.
    pub note: Option<String>,
}

impl Requirement {
    /// Whether a rule answers it, by the rule's id and the places in standards that the rule names.
    fn asks<'m>(
        &self,
        standard: Option<&str>,
        rule: &str,
        mut maps_to: impl Iterator<Item = (&'m str, &'m str)>,
    ) -> bool {
        self.rules.iter().any(|pattern| covers(pattern, rule))
            || standard.is_some_and(|standard| {
                maps_to.any(|(named, id)| {
                    named == standard
                        && if self.mapped.is_empty() { self.id == id } else { self.mapped.iter().any(|one| one == id) }
                })
            })
    }
}

impl Framework {
    /// Whether any requirement asks for a rule.
    pub fn includes(&self, rule: &Rule) -> bool {
        self.requirements.iter().any(|requirement| {
            let maps_to = rule.maps_to.iter().map(|mapping| (mapping.0.title(), mapping.1));
            requirement.asks(self.standard.as_deref(), rule.id, maps_to)
        })
    }
}

/// Whether `pattern`, a rule id or the beginning of one before a `*`, means `rule`.
fn covers(pattern: &str, rule: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => rule.starts_with(beginning),
        None => pattern == rule,
    }
}
