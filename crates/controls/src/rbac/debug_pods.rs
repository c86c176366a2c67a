//! Roles that put containers into running pods.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "put containers into running pods",
    asks: &[Ask {
        group: "",
        resources: &["pods/ephemeralcontainers"],
        verbs: &["update", "patch"],
        is_namespaced: true,
    }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/debug-pods",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can put containers into running pods",
    why: "An ephemeral container runs an image of one's choice beside the others, shares their network and can share \
          their processes: it reads their memory, files and tokens.",
    fix: "Remove `pods/ephemeralcontainers`; give it for a limited time where somebody must debug.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization"), Mapping(Standard::MitreAttack, "T1609")],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
