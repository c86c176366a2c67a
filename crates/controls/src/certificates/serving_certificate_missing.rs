//! API servers that serve a certificate they made up.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/serving-certificate-missing",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "API server serves a self-made certificate",
    why: "Without a certificate of its own the API server signs one for itself at start, which no client can verify.",
    fix: "Set --tls-cert-file and --tls-private-key-file.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.24")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ApiServer, report) {
        for name in ["tls-cert-file", "tls-private-key-file"] {
            if component.value(name).is_none() {
                Complaint::new(name, format!("`--{name}` is not set: it signs a certificate for itself"))
                    .report(component, report);
            }
        }
    }
}
