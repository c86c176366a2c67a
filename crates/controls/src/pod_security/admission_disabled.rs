//! An API server that was told not to check the Pod Security levels.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/admission-disabled",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Pod Security admission is switched off",
    why: "The labels of namespaces look as if they forbade something, and nothing reads them: every pod is taken.",
    fix: "Remove `PodSecurity` from --disable-admission-plugins, unless another admission policy does its work.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.1"),
        Mapping(Standard::PodSecurityStandards, "admission"),
        Mapping(Standard::MitreAttack, "T1562.001"),
    ],
    check: Check::Cluster { run },
};

const FLAG: &str = "disable-admission-plugins";

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    // Where no API server is among what was scanned, the plugin is taken to be on, as it is by default: that leaves no
    // gap in what is known of the pods.
    for server in facts.control_plane.api_servers() {
        report.examined(1);
        if server.list_of(FLAG).any(|plugin| plugin == "PodSecurity") {
            let others: Vec<_> = server.list_of(FLAG).filter(|plugin| *plugin != "PodSecurity").collect();
            let others = others.join(",");
            let message = format!("`--{FLAG}` names `PodSecurity`");
            Complaint::new(FLAG, message).wanted(&others).report(server, report);
        }
    }
}
