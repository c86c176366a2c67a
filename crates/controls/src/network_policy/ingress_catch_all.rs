//! Ingresses that answer for hosts which nobody named.

use rampart_model::{Check, Control, Kinds, Mapping, Object, Place, Reporter, Rule, Severity, Standard, Value};

use super::INGRESSES;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/ingress-catch-all",
    control: Control::NetworkPolicy,
    severity: Severity::Low,
    title: "Ingress that answers for every host",
    why: "A backend for any host is reached through addresses and names that nobody had in mind: by plain IP, by a name of \
          the attacker's, past filters that go by host.",
    fix: "Name the hosts, and remove `defaultBackend` or let it answer 404.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
        Mapping(Standard::MitreAttack, "T1190"),
    ],
    check: Check::Object { kinds: Kinds::Of(INGRESSES), run },
};

fn run(ingress: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = ingress.value().field("spec") else { return };
    if let Some(backend) = spec.field("defaultBackend").or_else(|| spec.field("backend")) {
        report.finding(&ingress.subject(), backend, "default backend", "has a default backend for every host");
    }
    let mut seen: Vec<&str> = Vec::new();
    for rule in spec.field("rules").into_iter().flat_map(Value::items) {
        let host = rule.field("host").filter(|host| host.str() != Some(""));
        let name = host.and_then(Value::str).unwrap_or("*");
        if !name.starts_with('*') || seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let place = host.map_or(Place::Missing(rule, "host"), Place::At);
        let message = match host {
            Some(_) => format!("answers for every host of `{name}`"),
            None => "a rule without host answers for every host".to_owned(),
        };
        report.finding(&ingress.subject(), place, name, message);
    }
}
