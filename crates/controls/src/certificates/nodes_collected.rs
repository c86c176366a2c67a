//! The certificates of kubelets and components lie on the nodes: objects do not show them.

use rampart_model::{Check, Control, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/nodes-collected",
    control: Control::Certificates,
    severity: Severity::Info,
    title: "Certificates on nodes were not collected",
    why: "The certificates of kubelets, of the control plane and of etcd lie in files of each node, which the API does \
          not show.",
    fix: "Run the command that the gap names on the nodes of this cluster.",
    maps_to: &[],
    check: Check::Elsewhere { command: "rampart node scan" },
};
