//! Rules that allow every peer on every port, and so undo the policy that they stand in.

use rampart_model::facts::network::policy::{directions, limits_ports, selects_everything};
use rampart_model::{Check, Control, Kinds, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::NETWORK_POLICIES;
use crate::namespaces::space::Direction;

const MAPS_TO: &[Mapping] = &[
    Mapping(Standard::CisKubernetes, "5.3.2"),
    Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
];

pub(crate) static INGRESS: Rule = Rule {
    id: "network-policy/allow-all-ingress",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Network policy that allows all ingress",
    why: "Policies only add up: one rule that lets everybody in opens its pods to every pod, node and address, whatever \
          other policies say.",
    fix: "Name the peers in `from` and the ports in `ports`.",
    maps_to: MAPS_TO,
    check: Check::Object { kinds: Kinds::Of(NETWORK_POLICIES), run: run_ingress },
};

pub(crate) static EGRESS: Rule = Rule {
    id: "network-policy/allow-all-egress",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Network policy that allows all egress",
    why: "A pod that may connect to every address can fetch tools, reach the cloud's metadata service and the nodes, and \
          carry data out, whatever other policies say.",
    fix: "Name the peers in `to` and the ports in `ports`.",
    maps_to: MAPS_TO,
    check: Check::Object { kinds: Kinds::Of(NETWORK_POLICIES), run: run_egress },
};

fn run_ingress(policy: &Object<'_>, report: &mut Reporter<'_>) {
    run(Direction::Ingress, policy, report);
}

fn run_egress(policy: &Object<'_>, report: &mut Reporter<'_>) {
    run(Direction::Egress, policy, report);
}

fn run(direction: Direction, policy: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = policy.value().field("spec") else { return };
    let (ingress, egress) = directions(spec);
    let (is_closed, peers) = match direction {
        Direction::Ingress => (ingress, "from"),
        Direction::Egress => (egress, "to"),
    };
    if !is_closed {
        return report.not_concerned();
    }
    let whom = match spec.field("podSelector").is_none_or(selects_everything) {
        true => "every pod of the namespace",
        false => "the selected pods",
    };
    let rules = spec.field(direction.id()).into_iter().flat_map(Value::items).filter(|rule| !limits_ports(*rule));
    let mut seen: Vec<&str> = Vec::new();
    for rule in rules {
        let peers = rule.field(peers).filter(|peers| !peers.is_empty());
        let Some(peers) = peers else {
            if !seen.contains(&"") {
                seen.push("");
                let message = format!("allows all {} of {whom}", direction.id());
                report.finding(&policy.subject(), rule, "", message);
            }
            continue;
        };
        for block in peers.items().filter_map(|peer| peer.field("ipBlock")) {
            let Some(cidr) = block.field("cidr") else { continue };
            let Some(text) = cidr.str().filter(|text| text.ends_with("/0") && !seen.contains(text)) else { continue };
            seen.push(text);
            let except = block.field("except").filter(|except| !except.is_empty());
            let message = match except {
                None => format!("allows {} of {whom} for all of `{text}` on every port", direction.id()),
                Some(except) => {
                    let blocks: Vec<_> =
                        except.items().filter_map(Value::str).map(|block| format!("`{block}`")).collect();
                    format!(
                        "allows {} of {whom} for `{text}` on every port, but for {}",
                        direction.id(),
                        blocks.join(", ")
                    )
                }
            };
            let finding = report.finding(&policy.subject(), cidr, text, message);
            if except.is_some() {
                finding.severity(Severity::Low);
            }
        }
    }
}
