//! Namespaces in which workloads may take all that the cluster has.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::baseline::holds;
use super::space;

pub(crate) static RULE: Rule = Rule {
    id: "namespaces/missing-quota",
    control: Control::Namespaces,
    severity: Severity::Low,
    title: "Namespace without resource quota",
    why: "Whoever may create pods here, or gets hold of one controller, can take the nodes' memory, processors and \
          addresses from every other namespace.",
    fix: "Add a ResourceQuota that bounds requests, limits and the number of objects.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Resource policies"),
        Mapping(Standard::MitreAttack, "T1496"),
        Mapping(Standard::MitreAttack, "T1499"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["ResourceQuota"]) {
        return;
    }
    for space in space::judged(facts, report.settings()) {
        report.examined(1);
        if !holds(&facts.namespaces.quotas, space.name) {
            let message = format!("no ResourceQuota bounds what `{}` may use", space.name);
            report.finding(&space.subject(), space.evidence(), "", message);
        }
    }
}
