//! Roles that create PersistentVolumes.

use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::power::{self, Ask, Power};

pub(crate) static POWER: Power = Power {
    can: "mount folders of nodes by way of a volume",
    asks: &[Ask {
        group: "",
        resources: &["persistentvolumes"],
        verbs: &["create", "update", "patch"],
        is_namespaced: false,
    }],
    in_namespace: Severity::Medium,
    when_named: Severity::Low,
    grave_names: &[],
};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/create-persistent-volumes",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role can create PersistentVolumes",
    why: "A PersistentVolume may be a folder of the node: a pod that claims it reads and writes the node's files \
          although Pod Security forbids hostPath in the pod itself.",
    fix: "Leave PersistentVolumes to the storage provisioner; people need PersistentVolumeClaims.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.9"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    power::report(&POWER, role, report);
}
