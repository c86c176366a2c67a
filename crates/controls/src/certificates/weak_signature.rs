//! Certificates signed over a broken hash.

use rampart_model::certificate::Signature;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::held::{bundles, in_use, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/weak-signature",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Certificate is signed with a broken hash",
    why: "Two certificates with one MD5 or SHA-1 hash can be made, so that the signature says nothing; current \
          clients refuse it.",
    fix: "Issue it again with SHA-256 or better.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for bundle in bundles(facts, report) {
        // Nobody checks the signature that a root makes over itself.
        for certificate in
            in_use(bundle).filter(|certificate| !(certificate.is_authority && certificate.is_self_issued))
        {
            let hash = match certificate.signature {
                Signature::Md5 => "MD5",
                Signature::Sha1 => "SHA-1",
                Signature::Other => continue,
            };
            let message = format!("certificate `{}` is signed over {hash}", certificate.name);
            let key = key(bundle, certificate);
            report.finding(&bundle.origin.subject, bundle.evidence.clone(), key, message);
        }
    }
}
