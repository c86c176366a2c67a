//! /proc without its masks.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/proc-mount",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "/proc is mounted without masks",
    why: "The masks over /proc hide kernel memory, keys and timers and keep settings of the node read-only. Without \
          them, a root process in the container reads and changes them.",
    fix: "Remove `procMount`; where nested containers need it, give the pod users of its own with `hostUsers: false`.",
    maps_to: &[
        Mapping(Standard::PodSecurityStandards, "baseline: /proc Mount Type"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

/// From this release on a pod with users of its own may do at the baseline level what others may not.
pub(super) const OWN_USERS: KubernetesVersion = KubernetesVersion::minor(35);

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    if !(pod.has_own_users && version >= OWN_USERS) {
        unmasked(pod, found);
    }
}

/// Finds every container whose /proc is not mounted as the runtime would by default.
pub(super) fn unmasked<'d>(pod: &PodView<'d>, found: &mut Violations<'d>) {
    for container in &pod.containers {
        let mount = container.setting(&["procMount"]);
        if let Some(mount) = mount.filter(|mount| mount.str() != Some("Default")) {
            let (name, kind) = (container.name(), Value::brief(mount));
            found.at(mount, name, format!("container `{name}` mounts /proc as `{kind}`")).set("\"Default\"");
        }
    }
}
