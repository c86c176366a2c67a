//! Certificates that are ordered for years.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

use super::held::hours;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/cert-manager-duration",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Certificate is ordered for too long",
    why: "Renewal costs nothing here, and a key that leaks is good until the last day.",
    fix: "Order certificates for 90 days (2160h) or a year at most.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::Of(&["cert-manager.io/Certificate"]), run },
};

const LONGEST_DAYS: u64 = 825;

fn run(certificate: &Object<'_>, report: &mut Reporter<'_>) {
    // Authorities are meant to live long.
    if certificate.value().bool_at(&["spec", "isCA"]) == Some(true) {
        return report.not_concerned();
    }
    let Some(duration) = certificate.value().dig(&["spec", "duration"]) else { return };
    let days = duration.str().and_then(hours).unwrap_or(0) / 24;
    if days > LONGEST_DAYS {
        let message = format!("ordered for {days} days, more than {LONGEST_DAYS}");
        report.finding(&certificate.subject(), duration, "duration", message).set("\"2160h\"");
    }
}
