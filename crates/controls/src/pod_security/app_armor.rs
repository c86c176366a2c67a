//! AppArmor profiles taken away from containers.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_one_of};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/app-armor",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "AppArmor is turned off",
    why: "The runtime's AppArmor profile stops a container from mounting, from writing to /proc and /sys and from \
          tracing others; without it a flaw in the kernel or the runtime is easier to use.",
    fix: "Remove the setting, or name `RuntimeDefault` or a profile that is loaded on the nodes.",
    maps_to: &[
        Mapping(Standard::PodSecurityStandards, "baseline: AppArmor"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

/// The way before fields: one annotation for each container, with its name behind the slash.
const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
const FIELD: &[&str] = &["appArmorProfile"];
const ALLOWED: &[&str] = &["RuntimeDefault", "Localhost"];
const DEFAULT: &str = "\"RuntimeDefault\"";

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    // Like the admission plugin, judges the field by every version of the standard, though it came with v1.30.
    if let Some(profile) = pod.setting(FIELD).filter(is_forbidden) {
        let kind = profile.field("type");
        let message = format!("the pod's AppArmor profile is `{}`", kind.and_then(Value::str).unwrap_or(""));
        found.at(kind.unwrap_or(profile), "pod", message).set_below(profile, "type", DEFAULT);
    }
    for container in &pod.containers {
        let Some(profile) = container.setting(FIELD).filter(is_forbidden) else { continue };
        let (name, kind) = (container.name(), profile.field("type"));
        let message = message(name, kind.and_then(Value::str).unwrap_or(""));
        let violation = found.at(kind.unwrap_or(profile), name, message).set_below(profile, "type", DEFAULT);
        // An annotation that says the same goes with it: alone it would be found next.
        let twin = pod.annotations().find(|(key, _)| key.strip_prefix(ANNOTATION) == Some(name));
        if let Some((_, value)) = twin.filter(|(_, value)| !value.str().is_some_and(is_allowed)) {
            violation.set_below(value, "", "\"runtime/default\"");
        }
    }
    for (key, value) in pod.annotations() {
        let Some(name) = key.strip_prefix(ANNOTATION) else { continue };
        let Some(profile) = value.str().filter(|profile| !is_allowed(profile)) else { continue };
        // The API server writes what the annotation says into the field as well; one problem is one finding.
        let is_reported = pod
            .containers
            .iter()
            .any(|container| container.name() == name && container.setting(FIELD).as_ref().is_some_and(is_forbidden));
        if !is_reported {
            found.at(value, name, message(name, profile)).set("\"runtime/default\"");
        }
    }
}

fn message(container: &str, profile: &str) -> String {
    format!("the AppArmor profile of container `{container}` is `{profile}`")
}

fn is_forbidden(profile: &Value<'_>) -> bool {
    !profile.field("type").is_some_and(|kind| is_one_of(kind, ALLOWED))
}

fn is_allowed(profile: &str) -> bool {
    profile.is_empty() || profile == "runtime/default" || profile.starts_with("localhost/")
}
