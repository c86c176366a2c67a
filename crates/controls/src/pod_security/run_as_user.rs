//! Containers that name root as their user.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard};

use super::proc_mount::OWN_USERS;
use super::run_as_non_root::is_root;
use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/run-as-user",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Container runs as user 0",
    why: "`runAsUser: 0` makes the container's processes root, whatever user its image was built for.",
    fix: "Name the numeric user that the image was built for.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.7"),
        Mapping(Standard::PodSecurityStandards, "restricted: Running as Non-root user"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Restricted, since: 23, run };

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    if pod.has_own_users && version >= OWN_USERS {
        return;
    }
    // No remedy: which user the image can run as is not to be seen here.
    if let Some(user) = pod.setting(&["runAsUser"]).filter(|user| is_root(Some(*user))) {
        found.at(user, "pod", "the pod runs as user 0");
    }
    for container in &pod.containers {
        if let Some(user) = container.setting(&["runAsUser"]).filter(|user| is_root(Some(*user))) {
            let name = container.name();
            found.at(user, name, format!("container `{name}` runs as user 0"));
        }
    }
}
