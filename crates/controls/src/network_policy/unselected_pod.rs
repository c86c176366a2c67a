//! Workloads whose pods no policy selects.

use rampart_model::facts::workloads::Workload;
use rampart_model::{Check, Control, Facts, Mapping, PartState, Reporter, Rule, Severity, Standard};

use super::missing_default_deny::report_foreign;
use crate::namespaces::space::{self, Direction, Space};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/unselected-pod",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Pods that no network policy selects",
    why: "Without a policy a pod talks to everything and everything talks to it: one compromised pod anywhere in the \
          cluster is enough to attack it, and it can attack all others.",
    fix: "Close the namespace with a default-deny policy and allow this workload what it needs.",
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
    for space in space::judged(facts, report.settings()) {
        // Pods of the host's network are out of every policy's reach, and custom kinds label theirs as they like.
        for (workload, states) in space.workloads.iter().zip(space.coverage()) {
            if !workload.host_network && workload.is_builtin() {
                judge(&space, workload, states, report);
            }
        }
    }
}

fn judge(space: &Space<'_>, workload: &Workload, states: [PartState; 2], report: &mut Reporter<'_>) {
    if states.contains(&PartState::Unknown) {
        return report_foreign(space, report);
    }
    report.examined(1);
    let states = Direction::ALL.into_iter().zip(states);
    let open: Vec<_> =
        states.filter(|(_, state)| *state == PartState::Missing).map(|(direction, _)| direction).collect();
    if open.is_empty() {
        return;
    }
    let ways: Vec<_> = open.iter().map(|direction| direction.id()).collect();
    let mut message = format!("no policy limits {} of these pods", ways.join(" or "));
    let exposing = space.services.iter().find(|service| {
        service.is_external()
            && open.contains(&Direction::Ingress)
            && service.selector.as_ref().is_some_and(|selector| workload.may_be_selected(selector))
    });
    if let Some(service) = exposing {
        message.push_str(&format!(", which Service `{}` opens to outside the cluster", service.origin.name()));
    }
    let finding = report.finding(&workload.origin.subject, workload.origin.evidence.clone(), "", message);
    let finding = finding.cause(&space.subject());
    if exposing.is_some() {
        finding.severity(Severity::High);
    }
}
