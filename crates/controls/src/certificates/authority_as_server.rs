//! Ingresses and Gateways that serve the certificate of an authority.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::held::{bundles, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/authority-as-server",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Authority is used as a server certificate",
    why: "The key of an authority lies in an entry point: whoever takes it from there can sign certificates for \
          every name that its clients trust.",
    fix: "Keep the authority apart and let it sign a certificate for the server.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1649")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for bundle in bundles(facts, report) {
        let Some(leaf) = bundle.leaf().filter(|leaf| leaf.is_authority) else { continue };
        // A Secret of this type may also feed an issuer; it is wrong only where an entry point serves it.
        let subject = &bundle.origin.subject;
        let serves = facts
            .certificates
            .hosts
            .iter()
            .find(|host| *host.secret == *subject.name && *host.secret_namespace == *subject.namespace);
        if let Some(host) = serves.filter(|_| &*subject.kind == "Secret") {
            let message = format!("authority `{}` is served by {}", leaf.name, host.origin.subject);
            report.finding(subject, bundle.evidence.clone(), key(bundle, leaf), message);
        }
    }
}
