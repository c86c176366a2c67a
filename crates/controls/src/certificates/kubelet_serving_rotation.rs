//! Controller managers that keep kubelets from renewing their serving certificates.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/kubelet-serving-rotation",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Rotation of kubelet serving certificates is off",
    why: "Serving certificates of kubelets are not renewed and expire, or stay self-signed.",
    fix: "Remove RotateKubeletServerCertificate=false from --feature-gates.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.3.6")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ControllerManager, report) {
        if component.list_of("feature-gates").any(|gate| gate == "RotateKubeletServerCertificate=false") {
            let message = "`RotateKubeletServerCertificate` is turned off";
            Complaint::new("feature-gates", message).report(component, report);
        }
    }
}
