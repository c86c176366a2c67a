//! Client certificates that carry every power for as long as they last.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::held::{bundles, day, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/masters-certificate",
    control: Control::Certificates,
    severity: Severity::High,
    title: "Client certificate of system:masters",
    why: "The group passes every authorization check and no binding can take it away; the certificate cannot be \
          revoked, so a copy of it is the cluster until its last day.",
    fix: "Delete it, give people short-lived credentials of an identity provider, and plan a rotation of the \
          authority if the key was shared.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.7"),
        Mapping(Standard::CisKubernetes, "3.1.1"),
        Mapping(Standard::MitreAttack, "T1078"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    report.sees(facts, &["CertificateSigningRequest"]);
    let now = report.settings().now.as_second();
    for bundle in bundles(facts, report) {
        let Some(leaf) = bundle.leaf().filter(|leaf| leaf.for_clients && leaf.not_after >= now) else { continue };
        if leaf.organisations.iter().any(|group| group == "system:masters") {
            let end = day(leaf.not_after);
            let message = format!("certificate `{}` is of the group `system:masters` until {end}", leaf.name);
            report.finding(&bundle.origin.subject, bundle.evidence.clone(), key(bundle, leaf), message);
        }
    }
}
