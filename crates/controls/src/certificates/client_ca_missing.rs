//! API servers that accept no client certificates.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/client-ca-missing",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "API server has no authority for clients",
    why: "Without it kubelets and components cannot prove themselves by certificate, so that weaker credentials are \
          in use.",
    fix: "Set --client-ca-file to the authority that signs client certificates.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.25")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ApiServer, report) {
        for name in ["client-ca-file"] {
            if component.value(name).is_none() {
                Complaint::new(name, format!("`--{name}` is not set: client certificates are not verified"))
                    .report(component, report);
            }
        }
    }
}
