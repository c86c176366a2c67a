//! Certificates whose first day is still to come.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::held::{bundles, dated, day, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/not-yet-valid",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Certificate is not valid yet",
    why: "Clients refuse it until that day; a clock that runs wrong where it was issued is the usual reason.",
    fix: "Issue it again with a first day in the past, and set the clock of the issuer.",
    maps_to: &[],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let now = report.settings().now.as_second();
    for bundle in bundles(facts, report) {
        for certificate in dated(bundle, |other| other.not_before <= now) {
            if certificate.not_before > now {
                let first = day(certificate.not_before);
                let message = format!("certificate `{}` is not valid before {first}", certificate.name);
                let key = key(bundle, certificate);
                report.finding(&bundle.origin.subject, bundle.evidence.clone(), key, message);
            }
        }
    }
}
