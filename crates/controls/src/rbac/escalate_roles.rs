//! Roles that may write rules beyond their own.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "give itself every permission",
    asks: &[Ask {
        group: "rbac.authorization.k8s.io",
        resources: &["roles", "clusterroles"],
        verbs: &["escalate"],
        is_namespaced: true,
    }],
    in_namespace: Severity::High,
    when_named: Severity::High,
    grave_names: &["cluster-admin", "admin", "edit"],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/escalate-roles",
    control: Control::Rbac,
    severity: Severity::Critical,
    title: "Role can write rules beyond its own",
    why: "The verb `escalate` switches off the check that nobody writes a role stronger than himself: whoever also \
          may update roles makes himself administrator.",
    fix: "Remove the verb `escalate`; what writes roles should hold the permissions that it gives.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.8"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1098.006"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
