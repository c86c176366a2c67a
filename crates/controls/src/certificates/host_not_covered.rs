//! Ingresses and Gateways that serve a host with a certificate for other names.

use std::collections::HashMap;

use rampart_model::certificate::Certificate;
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
    let served: HashMap<(&str, &str), &Certificate> = certificates
        .bundles
        .iter()
        .filter(|bundle| &*bundle.field == "tls.crt")
        .filter_map(|bundle| Some(((bundle.origin.namespace(), bundle.origin.name()), bundle.leaf()?)))
        .collect();
    for host in certificates.hosts.iter().filter(|host| !host.host.is_empty()) {
        let Some(leaf) = served.get(&(&*host.secret_namespace, &*host.secret)) else { continue };
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
