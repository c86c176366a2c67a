//! Fields that should hold a certificate and do not.

use rampart_model::facts::certificates::Content;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::held::bundles;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/unreadable",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Certificate cannot be read",
    why: "Whatever loads it fails or falls back to a made-up certificate, and nobody can tell when it expires.",
    fix: "Put the certificate there as PEM text, encoded in base64 once.",
    maps_to: &[],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    bundles(facts, report);
    for bundle in &facts.certificates.bundles {
        let Content::Broken(why) = &bundle.content else { continue };
        report.examined(1);
        let message = format!("`{}` {why}", bundle.field);
        report.finding(&bundle.origin.subject, bundle.evidence.clone(), &*bundle.field, message);
    }
}
