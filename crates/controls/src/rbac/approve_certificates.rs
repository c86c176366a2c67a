//! Roles that approve or sign client certificates.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "approve or sign certificates",
    asks: &[
        Ask {
            group: "certificates.k8s.io",
            resources: &["certificatesigningrequests/approval"],
            verbs: &["update", "patch"],
            is_namespaced: false,
        },
        Ask {
            group: "certificates.k8s.io",
            resources: &["certificatesigningrequests/status"],
            verbs: &["update", "patch"],
            is_namespaced: false,
        },
        Ask {
            group: "certificates.k8s.io",
            resources: &["signers"],
            verbs: &["approve", "sign"],
            is_namespaced: false,
        },
    ],
    in_namespace: Severity::High,
    when_named: Severity::Medium,
    grave_names: &["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/approve-certificates",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role can approve or sign client certificates",
    why: "An approved request for the signer of API clients is a login under any name and group that cannot be \
          revoked; with `create` on certificate signing requests the holder issues it to himself.",
    fix: "Leave approval to the controllers of Kubernetes, or limit `approve` to a signer of your own in \
          `resourceNames`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.11"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1649"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
