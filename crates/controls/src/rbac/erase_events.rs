//! Roles that delete events.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "delete the traces of what happened",
    asks: &[
        Ask { group: "", resources: &["events"], verbs: &["delete", "deletecollection"], is_namespaced: true },
        Ask {
            group: "events.k8s.io",
            resources: &["events"],
            verbs: &["delete", "deletecollection"],
            is_namespaced: true,
        },
    ],
    in_namespace: Severity::Low,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/erase-events",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Role can delete events",
    why: "Events tell who asked for a shell, which image was pulled and what was killed: whoever deletes them hides \
          an attack from those who look.",
    fix: "Remove `delete` and `deletecollection` on events; they expire by themselves.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Audit logging and threat detection"),
        Mapping(Standard::MitreAttack, "T1070"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
