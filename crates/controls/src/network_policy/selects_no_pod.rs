//! Policies whose selector fits no workload of their namespace.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::WORKLOADS;
use crate::namespaces::selection::Selection;
use crate::namespaces::space;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/selects-no-pod",
    control: Control::NetworkPolicy,
    severity: Severity::Low,
    title: "Network policy that selects no pod",
    why: "A policy with a mistyped or outdated selector guards nothing, while everybody believes that it does.",
    fix: "Correct `podSelector` to the labels of the pods that are meant, or delete the policy.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.2"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if facts.network.policies.is_empty() || !report.sees(facts, WORKLOADS) {
        return;
    }
    for space in space::all(facts, report.settings()) {
        if space.workloads.is_empty() {
            // An empty namespace may be closed in advance; in files, its workloads may just be elsewhere.
            if !facts.is_cluster && !space.policies.is_empty() {
                report.gap(
                    format!("no workload of namespace `{}` was read, so its policies cannot be matched", space.name),
                    "scan the workloads' manifests together with the policies",
                );
            }
            continue;
        }
        let selection = Selection::of(&space.workloads);
        for policy in &space.policies {
            report.examined(1);
            if let Some(place) = &policy.selector_at
                && selection.is_empty(&policy.pods)
            {
                let message = format!("no workload of `{}` has the labels `{}`", space.name, policy.pods);
                report.finding(&policy.origin.subject, place.clone(), "", message);
            }
        }
    }
}
