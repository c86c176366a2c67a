//! Roles that may act as somebody else.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "act as somebody else",
    asks: &[
        Ask { group: "", resources: &["users", "groups"], verbs: &["impersonate"], is_namespaced: false },
        Ask { group: "", resources: &["serviceaccounts"], verbs: &["impersonate"], is_namespaced: true },
        Ask {
            group: "authentication.k8s.io",
            resources: &["uids", "userextras"],
            verbs: &["impersonate"],
            is_namespaced: false,
        },
    ],
    in_namespace: Severity::Medium,
    when_named: Severity::Medium,
    grave_names: &["system:masters"],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/impersonate",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can impersonate others",
    why: "Impersonation takes every right of another user, group or service account, system:masters included, and the \
          audit log needs care to see who it really was.",
    fix: "Remove the verb `impersonate`, or name the users and groups that may be impersonated in `resourceNames`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.8"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
