//! Capabilities beyond those that container runtimes give by themselves.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_one_of};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/capabilities",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Container adds dangerous capabilities",
    why: "Each capability is a piece of root. Some, such as SYS_ADMIN, SYS_MODULE or SYS_PTRACE, are as good as all of \
          it; NET_ADMIN and NET_RAW let a pod redirect or forge the traffic of others.",
    fix: "Remove the capability, or move the work that needs it to a pod of its own in a guarded namespace.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.8"),
        Mapping(Standard::CisKubernetes, "5.2.9"),
        Mapping(Standard::PodSecurityStandards, "baseline: Capabilities"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

/// What the baseline level lets a container add: the default set of the runtimes without NET_RAW.
pub(super) const ALLOWED: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Capabilities with which a process leaves its container in one known step.
const AS_GOOD_AS_ROOT: &[&str] =
    &["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF", "SYS_BOOT"];

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    for container in &pod.containers {
        for added in container.capabilities("add").filter(|added| !is_one_of(*added, ALLOWED)) {
            let (name, capability) = (container.name(), added.brief());
            let severity = match AS_GOOD_AS_ROOT.contains(&capability.trim_start_matches("CAP_")) {
                true => Severity::Critical,
                false => Severity::High,
            };
            found
                .at(added, format!("{name} {capability}"), format!("container `{name}` adds capability `{capability}`"))
                .severity(severity);
        }
    }
}
