//! Containers whose processes may gain more rights than they were started with.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Place, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::{ContainerView, PodView, is_on};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/privilege-escalation",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Processes may gain privileges",
    why: "Without `allowPrivilegeEscalation: false` a process that runs as an ordinary user becomes root in the container \
          through any setuid program of the image.",
    fix: "Set `allowPrivilegeEscalation: false` on every container.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.6"),
        Mapping(Standard::PodSecurityStandards, "restricted: Privilege Escalation"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1548"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Restricted, since: 8, run };

/// From this release on, what only Linux knows is not asked of Windows pods.
pub(super) const WINDOWS: KubernetesVersion = KubernetesVersion::minor(25);

const FIELD: &str = "allowPrivilegeEscalation";

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    if pod.is_windows && version >= WINDOWS {
        return;
    }
    for container in &pod.containers {
        let field = container.setting(&[FIELD]);
        if field.and_then(|field| field.bool()) == Some(false) {
            continue;
        }
        let name = container.name();
        let place = match (field, container.context) {
            (Some(field), _) => Place::At(field),
            (None, Some(context)) => Place::Missing(context, FIELD),
            (None, None) => Place::Missing(container.container.value, "securityContext.allowPrivilegeEscalation"),
        };
        let message = match field {
            Some(_) => format!("container `{name}` allows privilege escalation"),
            None => format!("container `{name}` does not forbid privilege escalation"),
        };
        let violation = found.push(place, name, message);
        // The API server refuses `false` beside privileged or SYS_ADMIN. The former goes with it, the latter is for a
        // person to decide.
        if adds_sys_admin(container) {
            continue;
        }
        violation.set("false");
        if let Some(context) = container.context.filter(|_| is_on(container.setting(&["privileged"]))) {
            violation.set_below(context, "privileged", "false");
        }
    }
}

fn adds_sys_admin(container: &ContainerView<'_>) -> bool {
    let mut added = container.capabilities("add").filter_map(Value::str);
    added.any(|name| matches!(name, "CAP_SYS_ADMIN" | "SYS_ADMIN" | "ALL"))
}
