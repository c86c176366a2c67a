//! SELinux labels of the pod author's choice.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_one_of};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/se-linux",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Custom SELinux user, role or type",
    why: "The SELinux type is what keeps a container's processes from the files of the node. Types such as `spc_t` \
          switch that off, and a custom user or role opens the way to them.",
    fix: "Remove `type`, `user` and `role` from `seLinuxOptions`, or use `container_t`.",
    maps_to: &[
        Mapping(Standard::PodSecurityStandards, "baseline: SELinux"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

pub(super) const ALLOWED: &[&str] = &["", "container_t", "container_init_t", "container_kvm_t"];

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    if let Some(options) = pod.setting(&["seLinuxOptions"]) {
        judge(options, "pod", version, found);
    }
    for container in &pod.containers {
        if let Some(options) = container.setting(&["seLinuxOptions"]) {
            judge(options, container.name(), version, found);
        }
    }
}

fn judge<'d>(options: Value<'d>, whose: &str, version: KubernetesVersion, found: &mut Violations<'d>) {
    for (key, value) in options.entries().filter(|(_, value)| !value.is_null()) {
        let is_allowed = match key {
            "type" => {
                is_one_of(value, ALLOWED) || (is_one_of(value, &["container_engine_t"]) && version >= ENGINE_TYPE)
            }
            "user" | "role" => value.str() == Some(""),
            _ => true,
        };
        if !is_allowed {
            let owner = if whose == "pod" { "the pod".to_owned() } else { format!("container `{whose}`") };
            let message = format!("{owner} sets the SELinux {key} `{}`", value.brief());
            found.at(value, format!("{whose} {key}"), message).remove();
        }
    }
}

/// The release that knows the type for container engines inside containers.
const ENGINE_TYPE: KubernetesVersion = KubernetesVersion::minor(31);
