//! Certificates that are renewed with the same key for ever.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/cert-manager-key-kept",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Renewal keeps the private key",
    why: "A key that leaked once stays good through every renewal.",
    fix: "Set privateKey.rotationPolicy to Always.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::Of(&["cert-manager.io/Certificate"]), run },
};

fn run(certificate: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(policy) = certificate.value().dig(&["spec", "privateKey", "rotationPolicy"]) else { return };
    if policy.str() == Some("Never") {
        let message = "`rotationPolicy` Never renews the certificate with the same key";
        report.finding(&certificate.subject(), policy, "rotationPolicy", message).set("\"Always\"");
    }
}
