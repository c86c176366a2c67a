//! Ingresses and Gateways that serve a host with a certificate for other names.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/host-not-covered",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Certificate does not name the host",
    why: "Every visitor gets a warning or a refusal; those who click through would not notice an attacker either.",
    fix: "Issue a certificate with the host among its alternative names, or name the right Secret.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Secret"]) {
        return;
    }
    let certificates = &facts.certificates;
    for host in certificates.hosts.iter().filter(|host| !host.host.is_empty()) {
        let leaf = certificates
            .bundles
            .iter()
            .filter(|bundle| &*bundle.field == "tls.crt")
            .filter(|bundle| {
                let subject = &bundle.origin.subject;
                *subject.name == *host.secret && *subject.namespace == *host.secret_namespace
            })
            .find_map(|bundle| bundle.leaf());
        let Some(leaf) = leaf else { continue };
        report.examined(1);
        if !leaf.covers(&host.host) {
            let names = match leaf.dns_names.as_slice() {
                [] => "no name at all".to_owned(),
                names => names.iter().take(3).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
            };
            let message = format!("host `{}` is served with Secret `{}`, which names {names}", host.host, host.secret);
            let key = format!("{} {}", host.host, host.secret);
            report.finding(&host.origin.subject, host.evidence.clone(), key, message);
        }
    }
}
