//! Services that lead nowhere.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::WORKLOADS;
use crate::namespaces::selection::Selection;
use crate::namespaces::space;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/service-selects-no-pod",
    control: Control::NetworkPolicy,
    severity: Severity::Low,
    title: "Service that selects no pod",
    why: "A name without pods behind it waits for whoever gives his pod the right labels: clients then send him what they \
          meant for the one that was there.",
    fix: "Correct the selector, or delete the Service.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if facts.network.services.is_empty() || !report.sees(facts, WORKLOADS) {
        return;
    }
    for space in space::all(facts, report.settings()) {
        let mut services = space.services.iter().filter(|service| &*service.service_type != "ExternalName").peekable();
        if services.peek().is_none() {
            continue;
        }
        if space.workloads.is_empty() && !facts.is_cluster {
            report.gap(
                format!("no workload of namespace `{}` was read, so its Services cannot be matched", space.name),
                "scan the workloads' manifests together with the Services",
            );
            continue;
        }
        let selection = Selection::of(&space.workloads);
        for service in services {
            let Some((selector, place)) = service.selector.as_ref().zip(service.selector_at.as_ref()) else { continue };
            report.examined(1);
            if selection.is_empty(selector) {
                let message = format!("no workload of `{}` has the labels `{selector}`", space.name);
                report.finding(&service.origin.subject, place.clone(), "", message);
            }
        }
    }
}
