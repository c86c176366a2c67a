//! Containers that may run as root.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Place, Rule, Severity, Standard, Value};

use super::proc_mount::OWN_USERS;
use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/run-as-non-root",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Container may run as root",
    why: "Root in a container is root of the node wherever the container's walls have a hole: most known escapes need it.",
    fix: "Set `runAsNonRoot: true` for the pod, and a user other than 0 in the image or as `runAsUser`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.7"),
        Mapping(Standard::PodSecurityStandards, "restricted: Running as Non-root"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Restricted, since: 0, run };

const FIELD: &str = "runAsNonRoot";

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    if pod.has_own_users && version >= OWN_USERS {
        return;
    }
    let pod_wide = pod.setting(&[FIELD]);
    let is_pod_wide = pod_wide.and_then(Value::bool) == Some(true);
    let pod_user = pod.setting(&["runAsUser"]);
    if let Some(field) = pod_wide.filter(|_| !is_pod_wide) {
        let violation = found.at(field, "pod", "the pod allows its containers to run as root");
        if !is_root(pod_user) {
            violation.set("true");
        }
    }
    for container in &pod.containers {
        let field = container.setting(&[FIELD]);
        let (place, message) = match (field, container.context) {
            (Some(field), _) if field.bool() == Some(true) => continue,
            (Some(field), _) => (Place::At(field), "may run as root by its own setting"),
            (None, _) if is_pod_wide => continue,
            // Said of the whole pod already.
            (None, _) if pod_wide.is_some() => continue,
            (None, Some(context)) => (Place::Missing(context, FIELD), "is not kept from running as root"),
            (None, None) => (
                Place::Missing(container.container.value, "securityContext.runAsNonRoot"),
                "is not kept from running as root",
            ),
        };
        let name = container.name();
        let violation = found.push(place, name, format!("container `{name}` {message}"));
        // A container that names root as its user would not start any more; that is for a person to resolve.
        if !is_root(container.setting(&["runAsUser"]).or(pod_user)) {
            violation.set("true");
        }
    }
}

pub(super) fn is_root(user: Option<Value<'_>>) -> bool {
    user.is_some_and(|user| user.i64().is_none_or(|user| user == 0))
}
