//! Pods that share the network, the processes or the inter-process communication of their node.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_on};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/host-namespaces",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Pod shares a namespace of its node",
    why: "In the node's network a pod reaches the loopback services of the node and escapes every network policy; in \
          its process or IPC namespace it sees, and often controls, the processes of every other pod on the node.",
    fix: "Remove `hostNetwork`, `hostPID` and `hostIPC`; publish ports through a Service.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.3"),
        Mapping(Standard::CisKubernetes, "5.2.4"),
        Mapping(Standard::CisKubernetes, "5.2.5"),
        Mapping(Standard::PodSecurityStandards, "baseline: Host Namespaces"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    for (key, value) in pod.pod.spec.entries().filter(|(_, value)| is_on(Some(*value)) && !value.is_null()) {
        let shared = match key {
            "hostNetwork" => "network",
            "hostPID" => "process namespace",
            "hostIPC" => "IPC namespace",
            _ => continue,
        };
        found.at(value, key, format!("`{key}`: the pod runs in the {shared} of its node")).set("false");
    }
}
