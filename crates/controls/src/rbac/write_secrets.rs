//! Roles that make or change Secrets.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "make or change Secrets",
    asks: &[Ask { group: "", resources: &["secrets"], verbs: &["create", "update", "patch"], is_namespaced: true }],
    in_namespace: Severity::Low,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/write-secrets",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can make or change Secrets",
    why: "Whoever can write Secrets can replace credentials, certificates and pull secrets that workloads trust, and \
          can ask for a token of any service account by creating a Secret of type \
          kubernetes.io/service-account-token.",
    fix: "Leave Secrets to the controller that owns them, or name those that may be changed in `resourceNames` of a \
          Role.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.2"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1098"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
