//! Services that claim addresses of the outside.

use rampart_model::{Check, Control, Kinds, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/external-ips",
    control: Control::NetworkPolicy,
    severity: Severity::High,
    title: "Service with external addresses",
    why: "Every node sends traffic for an address in `externalIPs` to the Service's pods, whoever the address belongs to: \
          who may write Services can so intercept what other pods send there (CVE-2020-8554).",
    fix: "Remove `externalIPs`, use a load balancer, and refuse the field by admission.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
        Mapping(Standard::MitreAttack, "T1557"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["Service"]), run },
};

fn run(service: &Object<'_>, report: &mut Reporter<'_>) {
    let addresses = service.value().dig(&["spec", "externalIPs"]).filter(|list| !list.is_empty());
    let Some(addresses) = addresses.filter(|_| service.group().is_empty()) else { return };
    let names: Vec<_> = addresses.items().filter_map(Value::str).map(|address| format!("`{address}`")).collect();
    report.finding(&service.subject(), addresses, "", format!("takes traffic for {}", names.join(", ")));
}
