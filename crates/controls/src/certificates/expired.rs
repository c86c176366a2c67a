//! Certificates that are past their last day.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::held::{bundles, date, dated, day, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/expired",
    control: Control::Certificates,
    severity: Severity::High,
    title: "Certificate has expired",
    why: "Clients refuse the connection, or people get used to ignoring the warning. A webhook whose authority has \
          expired blocks every request that it should judge.",
    fix: "Issue a new certificate, and let a controller renew it from now on.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let now = report.settings().now.as_second();
    for bundle in bundles(facts, report) {
        for certificate in dated(bundle, |other| other.not_after >= now) {
            if certificate.not_after < now {
                let message = format!("certificate `{}` expired on {}", certificate.name, day(certificate.not_after));
                let key = key(bundle, certificate);
                let entry = report.finding(&bundle.origin.subject, bundle.evidence.clone(), key, message);
                entry.due(date(certificate.not_after));
            }
        }
    }
}
