//! Roles that change the labels of namespaces.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "switch off Pod Security by a label of the namespace",
    asks: &[Ask {
        group: "",
        resources: &["namespaces", "namespaces/finalize"],
        verbs: &["update", "patch"],
        is_namespaced: true,
    }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/label-namespaces",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can change labels of namespaces",
    why: "Labels of the namespace decide which Pod Security Standard is enforced, which network policies let it in \
          and which webhooks look at it: whoever writes them opens all three.",
    fix: "Leave namespaces to the account that sets them up; protect the labels by an admission policy where tenants \
          must change others.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1562.001"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
