//! Roles that read Secrets.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "read Secrets",
    asks: &[Ask { group: "", resources: &["secrets"], verbs: &["get", "list", "watch"], is_namespaced: true }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/read-secrets",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can read Secrets",
    why: "Secrets hold passwords, keys and tokens of service accounts; `list` and `watch` return their contents as \
          `get` does, so whoever holds the role holds every credential of the namespace, or of the cluster.",
    fix: "Remove the resource, or name the Secrets that are needed in `resourceNames` of a Role with `get` only.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.2"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1552.007"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
