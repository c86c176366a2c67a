//! Roles that reach the kubelet's API.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "run commands in every pod of a node past the audit log",
    asks: &[Ask {
        group: "",
        resources: &["nodes/proxy"],
        verbs: &["get", "create", "update", "patch", "delete"],
        is_namespaced: false,
    }],
    in_namespace: Severity::High,
    when_named: Severity::High,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/reach-kubelets",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can reach the kubelet through the API server",
    why: "`nodes/proxy` is the whole API of the kubelet: commands in any pod of the node and its logs, with no \
          admission control and no audit event that names the pod. `get` is enough.",
    fix: "Remove `nodes/proxy`; metrics need `nodes/metrics`, statistics `nodes/stats`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.10"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1609"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
