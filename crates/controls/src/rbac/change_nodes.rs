//! Roles that change nodes.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "change nodes and move pods between them",
    asks: &[Ask {
        group: "",
        resources: &["nodes", "nodes/status"],
        verbs: &["create", "update", "patch"],
        is_namespaced: false,
    }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/change-nodes",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can change nodes",
    why: "Labels, taints and reported capacity of nodes decide where pods run: whoever writes them draws pods with \
          valuable tokens to a node that he holds, or drives them off the others.",
    fix: "Remove write access to `nodes` and `nodes/status`; kubelets and the cloud controller have their own.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization"), Mapping(Standard::MitreAttack, "T1098")],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
