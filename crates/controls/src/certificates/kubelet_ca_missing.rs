//! API servers that do not verify the kubelets they call.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/kubelet-ca-missing",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "API server does not verify kubelets",
    why: "Whoever can answer in place of a kubelet reads the logs and takes over the shells that users open through \
          the API server.",
    fix: "Set --kubelet-certificate-authority to the authority that signs kubelet serving certificates.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.5"), Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ApiServer, report) {
        for name in ["kubelet-certificate-authority"] {
            if component.value(name).is_none() {
                Complaint::new(name, format!("`--{name}` is not set: any certificate of a kubelet is accepted"))
                    .report(component, report);
            }
        }
    }
}
