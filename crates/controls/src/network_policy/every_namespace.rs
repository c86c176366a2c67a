//! Peers that take in the pods of every namespace.

use rampart_model::facts::network::policy::{directions, limits_ports, selects_everything};
use rampart_model::{Check, Control, Kinds, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::NETWORK_POLICIES;
use crate::namespaces::space::Direction;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/every-namespace",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Network policy that trusts every namespace",
    why: "An empty namespace selector takes in every namespace, also those of other tenants and those that are made \
          later; the pods of any of them may connect.",
    fix: "Select namespaces by a label, such as `kubernetes.io/metadata.name`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.2"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
    ],
    check: Check::Object { kinds: Kinds::Of(NETWORK_POLICIES), run },
};

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = policy.value().field("spec") else { return };
    let (ingress, egress) = directions(spec);
    let mut seen: Vec<String> = Vec::new();
    for (direction, is_closed, list) in [(Direction::Ingress, ingress, "from"), (Direction::Egress, egress, "to")] {
        if !is_closed {
            continue;
        }
        for rule in spec.field(direction.id()).into_iter().flat_map(Value::items) {
            let limits_ports = limits_ports(rule);
            for peer in rule.field(list).into_iter().flat_map(Value::items) {
                let Some(selector) = peer.field("namespaceSelector").filter(|value| takes_every_namespace(*value))
                else {
                    continue;
                };
                let pods = peer.field("podSelector").filter(|pods| !selects_everything(*pods));
                // Going out, a pod selector or a port says what is meant, such as the cluster's DNS.
                if direction == Direction::Egress && (pods.is_some() || limits_ports) {
                    continue;
                }
                let key = direction.id().to_owned() + if pods.is_some() { ": some pods" } else { "" };
                if seen.contains(&key) {
                    continue;
                }
                seen.push(key.clone());
                let (what, severity) = match pods {
                    None => ("all pods", Severity::Medium),
                    // Whoever may create pods anywhere can give them these labels.
                    Some(_) => ("pods with the right labels", Severity::Low),
                };
                let message = format!("allows {} for {what} of every namespace", direction.id());
                report.finding(&policy.subject(), selector, key, message).severity(severity);
            }
        }
    }
}

/// No requirement at all, or only that the label be there which every namespace has.
fn takes_every_namespace(selector: Value<'_>) -> bool {
    selector.field("matchLabels").is_none_or(Value::is_empty)
        && selector.field("matchExpressions").into_iter().flat_map(Value::items).all(|expression| {
            expression.text_at(&["key"]) == Some("kubernetes.io/metadata.name")
                && expression.text_at(&["operator"]) == Some("Exists")
        })
}
