//! Roles that register extension API servers.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "put an API server of its own behind the cluster's",
    asks: &[Ask {
        group: "apiregistration.k8s.io",
        resources: &["apiservices"],
        verbs: &["create", "update", "patch"],
        is_namespaced: false,
    }],
    in_namespace: Severity::High,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/register-apis",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can register extension API servers",
    why: "An APIService sends requests for its group, the built-in ones not excepted, to a service of the holder's \
          choice: it sees what people send, their names and groups, and answers as it likes.",
    fix: "Leave APIServices to the pipeline that installs extensions, or name the one that a controller keeps in \
          `resourceNames`.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization"), Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
