//! Roles that issue tokens of service accounts.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "issue tokens of service accounts",
    asks: &[Ask { group: "", resources: &["serviceaccounts/token"], verbs: &["create"], is_namespaced: true }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/issue-tokens",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can issue tokens of service accounts",
    why: "Whoever creates tokens becomes any service account in reach, of controllers in kube-system too, and a token \
          lives on after the right to issue it is taken away.",
    fix: "Name the service accounts in `resourceNames`, or let pods get projected tokens from the kubelet.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.13"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1528"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
