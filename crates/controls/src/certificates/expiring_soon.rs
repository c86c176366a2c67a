//! Certificates close to their last day, measured by how long they live.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::held::{DAY, bundles, date, dated, day, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/expiring-soon",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Certificate expires soon",
    why: "If nothing renews it, whatever it serves stops within weeks, usually on a weekend.",
    fix: "Renew it now, and let a controller renew it from now on.",
    maps_to: &[],
    check: Check::Cluster { run },
};

/// A certificate of a year is due 30 days before its end; shorter ones after two thirds of their life.
const NOTICE: i64 = 30 * DAY;

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let now = report.settings().now.as_second();
    let due = |from: i64, to: i64| to.saturating_sub(NOTICE.min(to.saturating_sub(from) / 3));
    for bundle in bundles(facts, report) {
        for certificate in dated(bundle, |other| now <= due(other.not_before, other.not_after)) {
            if now > due(certificate.not_before, certificate.not_after) && now <= certificate.not_after {
                let days = (certificate.not_after - now) / DAY;
                let end = day(certificate.not_after);
                let message = format!("certificate `{}` expires on {end}, in {days} days", certificate.name);
                let key = key(bundle, certificate);
                let entry = report.finding(&bundle.origin.subject, bundle.evidence.clone(), key, message);
                entry.due(date(certificate.not_after));
            }
        }
    }
}
