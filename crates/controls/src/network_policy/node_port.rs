//! Services that open a port on every node.

use rampart_model::{Check, Control, Kinds, Mapping, Object, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/node-port",
    control: Control::NetworkPolicy,
    severity: Severity::Low,
    title: "Service on a port of every node",
    why: "A node port is reachable on each node by whoever reaches any of them, past the Ingress and its certificates and \
          filters; a node with a public address puts the pods on the Internet.",
    fix: "Use type ClusterIP behind an Ingress or Gateway.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
        Mapping(Standard::MitreAttack, "T1133"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["Service"]), run },
};

fn run(service: &Object<'_>, report: &mut Reporter<'_>) {
    let service_type = service.value().dig(&["spec", "type"]);
    let node_port = service_type.filter(|value| service.group().is_empty() && value.str() == Some("NodePort"));
    if let Some(place) = node_port {
        report.finding(&service.subject(), place, "", "opens a port on every node");
    }
}
