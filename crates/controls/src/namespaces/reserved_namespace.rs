//! Workloads in namespaces of Kubernetes in which nothing of Kubernetes runs.

use rampart_model::{Check, Control, Mapping, Place, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "namespaces/reserved-namespace",
    control: Control::Namespaces,
    severity: Severity::Medium,
    title: "Workload in a reserved namespace",
    why: "Kubernetes runs no pods in `kube-public` and `kube-node-lease`, and tools pass over both. A pod there is hidden \
          from quotas, policies and eyes, by accident or on purpose.",
    fix: "Move the workload to a namespace of its own, and find out who made it.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.6.1"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Namespaces"),
        Mapping(Standard::MitreAttack, "T1036"),
    ],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    let namespace = pod.object.namespace();
    if !matches!(namespace, "kube-public" | "kube-node-lease") {
        return;
    }
    if let Some(place) = pod.object.value().dig(&["metadata", "namespace"]) {
        let message = format!("runs in the reserved namespace `{namespace}`");
        report.finding(&pod.object.subject(), Place::At(place), "", message);
    }
}
