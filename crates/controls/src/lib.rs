//! The fifteen controls: a module each, a file per rule, and the pure [`Evaluator`] that asks them all.
//!
//! A rule is a constant beside its function and its fixture: `rbac/wildcard_verb.rs` and `rbac/wildcard_verb.yaml`.

pub mod evaluate;
pub mod example;
pub mod plan;
pub mod waive;

mod audit;
mod certificates;
mod elsewhere;
mod flag;
mod identity;
mod image_provenance;
mod namespaces;
mod network_policy;
pub mod pod_security;
mod rbac;
mod secrets;
mod sight;
mod upgrades;

pub use evaluate::Evaluator;

use rampart_model::Rule;

/// Every rule, in the order of the controls and of ids.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = [
        elsewhere::RULES,
        image_provenance::RULES,
        secrets::RULES,
        namespaces::RULES,
        network_policy::RULES,
        rbac::RULES,
        audit::RULES,
        certificates::RULES,
        pod_security::RULES,
        identity::RULES,
        upgrades::RULES,
        waive::rules::RULES,
    ]
    .concat();
    rules.sort_by_key(|rule| (rule.control, rule.id));
    rules
}
