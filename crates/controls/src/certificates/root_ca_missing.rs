//! Controller managers that publish no root certificate.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/root-ca-missing",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Pods get no root certificate",
    why: "Pods that cannot verify the API server either fail or are told to skip verification.",
    fix: "Set --root-ca-file to the authority of the API server.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.3.5")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ControllerManager, report) {
        for name in ["root-ca-file"] {
            if component.value(name).is_none() {
                Complaint::new(name, format!("`--{name}` is not set: service accounts get no root certificate"))
                    .report(component, report);
            }
        }
    }
}
