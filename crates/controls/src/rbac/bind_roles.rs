//! Roles that may bind roles beyond their own.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "give any role to anybody",
    asks: &[Ask {
        group: "rbac.authorization.k8s.io",
        resources: &["roles", "clusterroles"],
        verbs: &["bind"],
        is_namespaced: true,
    }],
    in_namespace: Severity::High,
    when_named: Severity::Low,
    grave_names: &["cluster-admin", "admin", "edit"],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/bind-roles",
    control: Control::Rbac,
    severity: Severity::Critical,
    title: "Role can bind roles beyond its own",
    why: "The verb `bind` switches off the check that nobody gives away more than he has: whoever also may create \
          bindings binds cluster-admin to himself.",
    fix: "Remove the verb `bind`, or name the roles that may be bound in `resourceNames`.",
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
