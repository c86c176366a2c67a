//! Roles that change admission policies.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "change admission policies",
    asks: &[Ask {
        group: "admissionregistration.k8s.io",
        resources: &[
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
        ],
        verbs: &["create", "update", "patch", "delete", "deletecollection"],
        is_namespaced: false,
    }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/change-admission-policies",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can change admission policies",
    why: "Admission policies hold the line for the whole cluster: whoever can edit or unbind them takes the line \
          away, and a mutating one rewrites objects of everybody.",
    fix: "Leave these objects to the account that rolls out policies.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1562.001"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
