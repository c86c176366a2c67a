//! Roles that write roles and bindings.

use rampart_model::facts::{self, rbac::Clause};
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "write roles and bindings",
    asks: &[Ask {
        group: "rbac.authorization.k8s.io",
        resources: &["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
        verbs: &["create", "update", "patch"],
        is_namespaced: true,
    }],
    in_namespace: Severity::Low,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/manage-roles",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can write roles or bindings",
    why: "The holder passes on what he has to anybody, keeps a second way in when his own binding is removed and, \
          with `escalate` or `bind`, takes everything.",
    fix: "Let one pipeline write roles and bindings from a reviewed repository.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.8"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1098.006"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

/// Roles and bindings together: the holder changes his own role, or who else holds it.
const BOTH: [[&str; 2]; 2] = [["roles", "clusterroles"], ["rolebindings", "clusterrolebindings"]];

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    let writes = |resource: &str| {
        power::rules(role).any(|rule| {
            ["create", "update", "patch"].iter().any(|verb| rule.allows(verb, facts::rbac::GROUP, resource))
        })
    };
    let is_both = || BOTH.iter().all(|resources| resources.iter().any(|resource| writes(resource)));
    let severity = (!power::is_confined(role) && is_both()).then_some(Severity::High);
    power::report_as(&POWER, role, severity, report);
}
