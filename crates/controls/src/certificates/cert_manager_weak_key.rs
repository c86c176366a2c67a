//! Certificates that ask for a key that can be broken.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/cert-manager-weak-key",
    control: Control::Certificates,
    severity: Severity::High,
    title: "Certificate asks for a weak key",
    why: "RSA below 2048 bits is within reach of those who collect traffic; whoever has the key is the server.",
    fix: "Ask for an RSA key of at least 2048 bits or an ECDSA key.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::Of(&["cert-manager.io/Certificate"]), run },
};

fn run(certificate: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(key) = certificate.value().dig(&["spec", "privateKey"]) else { return };
    let Some(size) = key.field("size") else { return };
    let is_rsa = matches!(key.text_at(&["algorithm"]), None | Some("RSA"));
    if let Some(bits) = size.i64().filter(|bits| is_rsa && *bits < 2048) {
        let message = format!("asks for an RSA key of {bits} bits");
        report.finding(&certificate.subject(), size, "size", message).set("2048");
    }
}
