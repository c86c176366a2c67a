//! /proc without its masks in a pod with users of its own, which only the baseline level accepts.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard};

use super::proc_mount;
use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/proc-mount-restricted",
    control: Control::PodSecurity,
    severity: Severity::Low,
    title: "/proc is mounted without masks in a user namespace",
    why: "With users of its own a pod cannot use /proc as root of the node, yet it sees more of the kernel than an \
          ordinary workload needs.",
    fix: "Remove `procMount`, unless the pod runs containers inside its container.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "restricted: /proc Mount Type")],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Restricted, since: 35, run };

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    // Without users of its own the pod is reported by the baseline check.
    if pod.has_own_users {
        proc_mount::unmasked(pod, found);
    }
}
