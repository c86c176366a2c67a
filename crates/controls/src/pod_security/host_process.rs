//! Windows containers that run as processes of their host.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_on};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/host-process",
    control: Control::PodSecurity,
    severity: Severity::Critical,
    title: "Windows HostProcess container",
    why: "A HostProcess container is no container: it runs on the Windows node itself, with its users, files and network.",
    fix: "Remove `hostProcess: true`; leave work on the node to node agents in a namespace of their own.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.10"),
        Mapping(Standard::PodSecurityStandards, "baseline: HostProcess"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

const FIELD: &[&str] = &["windowsOptions", "hostProcess"];

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    if let Some(field) = pod.setting(FIELD).filter(|field| is_on(Some(*field))) {
        found.at(field, "pod", "all containers of the pod are processes of the Windows host").set("false");
    }
    for container in &pod.containers {
        if let Some(field) = container.setting(FIELD).filter(|field| is_on(Some(*field))) {
            let name = container.name();
            found.at(field, name, format!("container `{name}` is a process of the Windows host")).set("false");
        }
    }
}
