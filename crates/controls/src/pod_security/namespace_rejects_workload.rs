//! Workloads whose pods their own namespace would refuse.

use std::collections::HashMap;

use rampart_model::{Check, Control, Facts, KubernetesVersion, Mapping, Reporter, Rule, Severity, Standard};

use super::labels::{current, enforced};
use super::standard::Level;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/namespace-rejects-workload",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Namespace refuses the workload's pods",
    why: "Running pods stay when a level is enforced, so the workload breaks later: at the next rollout, eviction or node \
          failure none of its pods is created again. Until then it runs with what the namespace was meant to forbid.",
    fix: "Bring the workload to the enforced level (its other findings say where), or move it to a namespace that may \
          hold it.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "admission"), Mapping(Standard::CisKubernetes, "5.2.1")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Namespace"]) {
        return;
    }
    let current = current(facts, report);
    let levels: HashMap<&str, (Level, KubernetesVersion)> = facts
        .namespaces
        .namespaces
        .iter()
        .filter_map(|namespace| Some((namespace.origin.name(), enforced(namespace, current)?)))
        .collect();
    for workload in facts.workloads.workloads.iter().filter(|workload| workload.runs()) {
        let Some((level, version)) = levels.get(workload.origin.namespace()) else { continue };
        report.examined(1);
        let forbidden_since = match level {
            Level::Privileged => None,
            Level::Baseline => workload.standing.baseline,
            Level::Restricted => workload.standing.restricted,
        };
        if forbidden_since.is_some_and(|since| *version >= KubernetesVersion::minor(since)) {
            let origin = &workload.origin;
            let (kind, name, namespace) = (&origin.subject.kind, origin.name(), origin.namespace());
            let message = format!("namespace `{namespace}` enforces `{level}` and refuses the pods of {kind} `{name}`");
            report.finding(&origin.subject, origin.evidence.clone(), level.id(), message);
        }
    }
}
