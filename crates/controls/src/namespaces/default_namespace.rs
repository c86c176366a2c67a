//! Workloads that run in the namespace where everything lands that names none.

use rampart_model::{Check, Control, Mapping, Place, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "namespaces/default-namespace",
    control: Control::Namespaces,
    severity: Severity::Low,
    title: "Workload in the namespace `default`",
    why: "What belongs to nobody in particular is guarded by nobody: in `default`, roles, policies and quotas meet for \
          unrelated workloads, and what somebody applies by mistake lands beside them.",
    fix: "Name a namespace of the workload's own in `metadata.namespace`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.6.4"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Namespaces"),
    ],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    let object = pod.object;
    if object.namespace() != "default" || object.kind() == "PodTemplate" {
        return;
    }
    let metadata = object.metadata().unwrap_or(object.value());
    let (place, message) = match metadata.field("namespace") {
        Some(namespace) => (Place::At(namespace), "runs in the namespace `default`"),
        None => (Place::Missing(metadata, "namespace"), "names no namespace, so it runs in `default`"),
    };
    report.finding(&object.subject(), place, "", message);
}
