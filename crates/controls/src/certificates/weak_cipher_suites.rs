//! API servers that offer cipher suites which are broken.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/weak-cipher-suites",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "API server offers weak cipher suites",
    why: "RC4, 3DES and suites without forward secrecy let someone who records traffic read it later.",
    fix: "Remove the suites from --tls-cipher-suites, or leave the flag out for the defaults.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.29"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Encryption"),
    ],
    check: Check::Cluster { run },
};

/// Parts of the names of suites that are broken, or that have no forward secrecy.
const WEAK: [&str; 5] = ["_RC4_", "_3DES_", "TLS_RSA_WITH_", "_CBC_SHA", "_NULL_"];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ApiServer, report) {
        let is_weak = |suite: &&str| WEAK.iter().any(|part| suite.contains(part));
        let (weak, sound): (Vec<&str>, Vec<&str>) = component.list_of("tls-cipher-suites").partition(is_weak);
        if weak.is_empty() {
            continue;
        }
        let wanted = sound.join(",");
        let complaint = Complaint::new("tls-cipher-suites", format!("offers {}", weak.join(", ")));
        let complaint = if sound.is_empty() { complaint } else { complaint.wanted(&wanted) };
        complaint.report(component, report);
    }
}
