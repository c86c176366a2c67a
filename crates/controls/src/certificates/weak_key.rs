//! Certificates with keys that can be broken.

use rampart_model::certificate::Key;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::held::{bundles, in_use, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/weak-key",
    control: Control::Certificates,
    severity: Severity::High,
    title: "Certificate has a weak key",
    why: "RSA below 2048 bits and curves below 256 bits are within reach of those who collect traffic; whoever has \
          the key is the server.",
    fix: "Issue it again with an RSA key of at least 2048 bits or a P-256 key.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for bundle in bundles(facts, report) {
        for certificate in in_use(bundle) {
            let weakness = match certificate.key {
                Key::Rsa { bits } if bits < 2048 => format!("an RSA key of {bits} bits"),
                Key::Ec { bits } if bits < 256 => format!("a key on a curve of {bits} bits"),
                Key::Rsa { .. } | Key::Ec { .. } | Key::Other => continue,
            };
            let message = format!("certificate `{}` has {weakness}", certificate.name);
            let key = key(bundle, certificate);
            report.finding(&bundle.origin.subject, bundle.evidence.clone(), key, message);
        }
    }
}
