//! Roles that start pods.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "start pods under any service account in reach",
    asks: &[
        Ask {
            group: "",
            resources: &["pods", "replicationcontrollers", "podtemplates"],
            verbs: &["create", "update", "patch"],
            is_namespaced: true,
        },
        Ask {
            group: "apps",
            resources: &["deployments", "daemonsets", "statefulsets", "replicasets"],
            verbs: &["create", "update", "patch"],
            is_namespaced: true,
        },
        Ask {
            group: "batch",
            resources: &["jobs", "cronjobs"],
            verbs: &["create", "update", "patch"],
            is_namespaced: true,
        },
    ],
    in_namespace: Severity::Low,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/create-workloads",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can start pods",
    why: "Whoever creates or changes a workload chooses its service account, its Secrets and its volumes: he holds \
          what any service account of the namespace holds and, where nothing enforces Pod Security, the node too.",
    fix: "Let a deployment pipeline hold this right, per namespace and with a Role; enforce Pod Security Standards in \
          those namespaces.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.4"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1610"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
