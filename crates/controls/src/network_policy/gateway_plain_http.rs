//! Gateways that serve in the clear more than the way to https.

use rampart_model::{Check, Control, Facts, Mapping, Name, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/gateway-plain-http",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Gateway that serves without TLS",
    why: "What browsers and services send in the clear, passwords and session cookies too, can be read and changed by \
          everybody on the way.",
    fix: "Serve on a listener of protocol HTTPS with a certificate, and let the HTTP listener only redirect to it.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Encryption"),
        Mapping(Standard::MitreAttack, "T1040"),
        Mapping(Standard::MitreAttack, "T1557"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if facts.network.gateways.is_empty() || !report.sees(facts, &["Gateway", "HTTPRoute"]) {
        return;
    }
    let settings = report.settings();
    for gateway in facts.network.gateways.iter().filter(|gateway| settings.wants(gateway.origin.namespace())) {
        report.examined(1);
        for listener in gateway.listeners.iter().filter(|listener| &*listener.protocol == "HTTP") {
            let hangs_here = |parent: &(Name, Name, Name)| {
                *parent.0 == *gateway.origin.namespace()
                    && *parent.1 == *gateway.origin.name()
                    && (parent.2.is_empty() || parent.2 == listener.name)
            };
            let mut routes =
                facts.network.routes.iter().filter(|route| route.parents.iter().any(hangs_here)).peekable();
            if routes.peek().is_some() && routes.all(|route| route.only_redirects) {
                continue;
            }
            let message = format!("listener `{}` serves plain HTTP", listener.name);
            report.finding(&gateway.origin.subject, listener.evidence.clone(), &*listener.name, message);
        }
    }
}
