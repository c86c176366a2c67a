//! API servers that do not prove themselves to kubelets.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/kubelet-client-certificate-missing",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "API server shows kubelets no certificate",
    why: "Kubelets that are to serve such an API server have to accept anonymous callers, and then serve everybody.",
    fix: "Set --kubelet-client-certificate and --kubelet-client-key.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.4")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ApiServer, report) {
        for name in ["kubelet-client-certificate", "kubelet-client-key"] {
            if component.value(name).is_none() {
                Complaint::new(name, format!("`--{name}` is not set: kubelets cannot tell who calls"))
                    .report(component, report);
            }
        }
    }
}
