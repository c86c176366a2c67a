//! Containers without a seccomp profile.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Place, Rule, Severity, Standard};

use super::privilege_escalation::WINDOWS;
use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/seccomp-restricted",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "No seccomp profile",
    why: "Where neither pod nor container names a profile, most clusters run the container with every system call of the \
          kernel open.",
    fix: "Set `seccompProfile.type: RuntimeDefault` in the pod's security context.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.6.2"),
        Mapping(Standard::PodSecurityStandards, "restricted: Seccomp"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Restricted, since: 19, run };

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    // A profile that is named for the whole pod, good or bad, is judged by the baseline check.
    if (pod.is_windows && version >= WINDOWS) || pod.setting(&["seccompProfile"]).is_some() {
        return;
    }
    for container in pod.containers.iter().filter(|container| container.setting(&["seccompProfile"]).is_none()) {
        let place = match container.context {
            Some(context) => Place::Missing(context, "seccompProfile"),
            None => Place::Missing(container.container.value, "securityContext.seccompProfile"),
        };
        let name = container.name();
        found.push(place, name, format!("container `{name}` runs without a seccomp profile")).set_below(
            pod.pod.spec,
            "securityContext.seccompProfile.type",
            "\"RuntimeDefault\"",
        );
    }
}
