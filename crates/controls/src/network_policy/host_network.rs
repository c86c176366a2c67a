//! Pods of the host's network in namespaces whose policies seem to select them.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::namespaces::space;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/host-network",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Network policy that cannot confine a host network pod",
    why: "A pod in its node's network has the node's address: policies that select it by its labels do not limit it, and \
          it may connect to whatever the node may.",
    fix: "Remove `hostNetwork: true`, or move the pod to a namespace of its own and guard the node by a firewall.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.2"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
        Mapping(Standard::MitreAttack, "T1046"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["NetworkPolicy"]) {
        return;
    }
    for space in space::judged(facts, report.settings()).iter().filter(|space| !space.policies.is_empty()) {
        report.examined(space.workloads.len());
        for workload in space.workloads.iter().filter(|workload| workload.host_network) {
            let Some(policy) = space.policies.iter().find(|policy| policy.pods.matches(&workload.labels)) else {
                continue;
            };
            let message = format!("policy `{}` selects this pod, which uses its node's network", policy.origin.name());
            report.finding(&workload.origin.subject, workload.origin.evidence.clone(), "", message);
        }
    }
}
