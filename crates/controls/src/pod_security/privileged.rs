//! Privileged containers.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_on};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/privileged",
    control: Control::PodSecurity,
    severity: Severity::Critical,
    title: "Privileged container",
    why: "A privileged container has every capability and every device of its node: it is root on the host.",
    fix: "Remove `privileged: true` and add the single capabilities or devices that are needed.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.2"),
        Mapping(Standard::PodSecurityStandards, "baseline: Privileged Containers"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    for container in &pod.containers {
        let privileged = container.setting(&["privileged"]);
        if let Some(privileged) = privileged.filter(|privileged| is_on(Some(*privileged))) {
            let name = container.name();
            found.at(privileged, name, format!("container `{name}` is privileged")).set("false");
        }
    }
}
