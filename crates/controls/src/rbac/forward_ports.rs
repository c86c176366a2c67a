//! Roles that open tunnels into pods.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "open tunnels into pods",
    asks: &[
        Ask { group: "", resources: &["pods/portforward"], verbs: &["create", "get"], is_namespaced: true },
        Ask {
            group: "",
            resources: &["pods/proxy", "services/proxy"],
            verbs: &["create", "get", "update", "patch", "delete"],
            is_namespaced: true,
        },
    ],
    in_namespace: Severity::Low,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/forward-ports",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can open tunnels into pods",
    why: "Port forwarding and proxying reach ports of pods through the API server and the kubelet, past every network \
          policy and past logins that trust the cluster's network.",
    fix: "Remove `pods/portforward`, `pods/proxy` and `services/proxy`; expose what people need through an ingress \
          that asks who they are.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::NsaCisa, "Network separation and hardening"),
        Mapping(Standard::MitreAttack, "T1090"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
