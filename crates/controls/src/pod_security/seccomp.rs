//! Seccomp profiles taken away from containers.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_one_of};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/seccomp",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Seccomp is turned off",
    why: "Without a seccomp filter every system call of the kernel is open to the container, and with it every flaw \
          that was ever found behind one.",
    fix: "Set `seccompProfile.type` to `RuntimeDefault`, or to `Localhost` with a profile of your own.",
    maps_to: &[
        Mapping(Standard::PodSecurityStandards, "baseline: Seccomp"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

/// The release that brought the fields; before it, annotations said it.
pub(super) const FIELDS: KubernetesVersion = KubernetesVersion::minor(19);
const POD_ANNOTATION: &str = "seccomp.security.alpha.kubernetes.io/pod";
const CONTAINER_ANNOTATION: &str = "container.seccomp.security.alpha.kubernetes.io/";
const ALLOWED: &[&str] = &["RuntimeDefault", "Localhost"];
const DEFAULT: &str = "\"RuntimeDefault\"";

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    if version < FIELDS {
        return annotations(pod, found);
    }
    if let Some(profile) = pod.setting(&["seccompProfile"]) {
        let kind = profile.field("type");
        if !kind.is_some_and(|kind| is_one_of(kind, ALLOWED)) {
            let message = format!("the pod's seccomp profile is `{}`", kind.and_then(|kind| kind.str()).unwrap_or(""));
            found.at(kind.unwrap_or(profile), "pod", message).since(FIELDS).set_below(profile, "type", DEFAULT);
        }
    }
    for container in &pod.containers {
        let Some(profile) = container.setting(&["seccompProfile"]) else { continue };
        let kind = profile.field("type");
        if !kind.is_some_and(|kind| is_one_of(kind, ALLOWED)) {
            let (name, kind_text) = (container.name(), kind.and_then(|kind| kind.str()).unwrap_or(""));
            let message = format!("the seccomp profile of container `{name}` is `{kind_text}`");
            found.at(kind.unwrap_or(profile), name, message).since(FIELDS).set_below(profile, "type", DEFAULT);
        }
    }
}

fn annotations<'d>(pod: &PodView<'d>, found: &mut Violations<'d>) {
    for (key, value) in pod.annotations() {
        let Some(profile) = value.str().filter(|profile| !is_allowed(profile)) else { continue };
        if key == POD_ANNOTATION {
            let message = format!("the pod's seccomp profile is `{profile}`");
            found.at(value, "pod", message).set("\"runtime/default\"");
        } else if let Some(name) = key.strip_prefix(CONTAINER_ANNOTATION)
            && pod.containers.iter().any(|container| container.name() == name)
        {
            let message = format!("the seccomp profile of container `{name}` is `{profile}`");
            found.at(value, name, message).set("\"runtime/default\"");
        }
    }
}

fn is_allowed(profile: &str) -> bool {
    matches!(profile, "runtime/default" | "docker/default") || profile.starts_with("localhost/")
}
