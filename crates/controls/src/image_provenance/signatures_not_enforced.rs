//! Clusters that admit images whether anyone signed them or not.

use rampart_model::facts::control_plane::Role;
use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard, Subject};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/signatures-not-enforced",
    control: Control::ImageProvenance,
    severity: Severity::Medium,
    title: "No policy verifies image signatures",
    why: "Whoever can push to the registry, or stand between it and a node, decides what runs: nothing compares the image \
          with what the build signed.",
    fix: "Sign images in the build and have them verified at admission: a Kyverno ImageValidatingPolicy, the sigstore policy \
          controller, Connaisseur or an ImagePolicyWebhook, first in warning mode, then enforcing.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.5.1"),
        Mapping(Standard::MitreAttack, "T1525"),
        Mapping(Standard::MitreAttack, "T1195.002"),
    ],
    check: Check::Cluster { run },
};

/// Kinds in which verification may be asked for.
const POLICIES: &[&str] = &[
    "ClusterImagePolicy",
    "ImageValidatingPolicy",
    "ClusterPolicy",
    "Policy",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, POLICIES) || facts.images.repositories.is_empty() {
        return;
    }
    let by_api_server = facts
        .control_plane
        .of(Role::ApiServer)
        .any(|server| server.list_of("enable-admission-plugins").any(|plugin| plugin == "ImagePolicyWebhook"));
    let verifiers = &facts.images.verifiers;
    if by_api_server || verifiers.iter().any(|verifier| verifier.enforces) {
        return report.examined(1);
    }
    if let Some(verifier) = verifiers.first() {
        report.examined(1);
        let message = "verifies images but turns none away: what fails is only written down";
        report
            .finding(&verifier.origin.subject, verifier.origin.evidence.clone(), "audit", message)
            .severity(Severity::Low);
    } else if facts.is_cluster {
        report.examined(1);
        let message = "nothing in the cluster verifies the signatures of the images that it admits";
        report.finding(&Subject::cluster(), rampart_model::Evidence::default(), "", message);
    } else {
        report.gap(
            "no policy that verifies image signatures is among the files",
            "scan the cluster to see whether one is in force there",
        );
    }
}
