//! Roles that change admission webhooks.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "change admission webhooks",
    asks: &[Ask {
        group: "admissionregistration.k8s.io",
        resources: &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
        verbs: &["create", "update", "patch", "delete", "deletecollection"],
        is_namespaced: false,
    }],
    in_namespace: Severity::High,
    when_named: Severity::Medium,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/change-webhooks",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can change admission webhooks",
    why: "A webhook sees every object that passes, Secrets included, and a mutating one changes it: containers put \
          into every pod, policies switched off by removing their webhook.",
    fix: "Name the one configuration that a controller keeps in `resourceNames`, and drop `create` and `delete`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.12"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1562.001"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
