//! Roles that run commands in containers.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "run commands in containers",
    asks: &[Ask {
        group: "",
        resources: &["pods/exec", "pods/attach"],
        verbs: &["create", "get"],
        is_namespaced: true,
    }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/exec-in-pods",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can run commands in containers",
    why: "exec and attach give a shell inside running containers: their data, their environment, their \
          service-account tokens, and the node behind a privileged one. Both work with `create` and, over WebSockets, \
          with `get`.",
    fix: "Remove `pods/exec` and `pods/attach`; give them for a limited time where somebody must debug.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization"), Mapping(Standard::MitreAttack, "T1609")],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
