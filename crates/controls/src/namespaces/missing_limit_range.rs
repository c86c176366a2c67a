//! Namespaces in which a container without limits gets none.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::baseline::holds;
use super::space;

pub(crate) static RULE: Rule = Rule {
    id: "namespaces/missing-limit-range",
    control: Control::Namespaces,
    severity: Severity::Low,
    title: "Namespace without limit range",
    why: "A container that names no limits may take all memory and processors of its node, by a leak or on purpose, and \
          its neighbours are the first to be killed.",
    fix: "Add a LimitRange with default requests and limits for containers.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Resource policies"),
        Mapping(Standard::MitreAttack, "T1499"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["LimitRange"]) {
        return;
    }
    for space in space::judged(facts, report.settings()) {
        report.examined(1);
        if !holds(&facts.namespaces.limit_ranges, space.name) {
            let message = format!("no LimitRange gives the containers of `{}` default limits", space.name);
            report.finding(&space.subject(), space.evidence(), "", message);
        }
    }
}
