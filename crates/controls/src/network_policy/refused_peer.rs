//! Peers that the API server refuses, and the policy with them.

use ipnet::IpNet;
use rampart_model::{Check, Control, Kinds, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::NETWORK_POLICIES;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/refused-peer",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Network policy that the API server refuses",
    why: "A policy with a peer that means nothing never comes into force: the pods that it should guard stay open, or an \
          older version of it stays.",
    fix: "Give each peer a `podSelector`, a `namespaceSelector` or both, or an `ipBlock` alone with a valid CIDR.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.2"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
    ],
    check: Check::Object { kinds: Kinds::Of(NETWORK_POLICIES), run },
};

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = policy.value().field("spec") else { return };
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.field(rules).into_iter().flat_map(Value::items) {
            for peer in rule.field(peers).into_iter().flat_map(Value::items) {
                if let Some((place, key, message)) = mistake(peer) {
                    report.finding(&policy.subject(), place, format!("{rules}: {key}"), message);
                }
            }
        }
    }
}

fn mistake(peer: Value<'_>) -> Option<(Value<'_>, String, String)> {
    let has_selector = peer.field("podSelector").or_else(|| peer.field("namespaceSelector")).is_some();
    let Some(block) = peer.field("ipBlock") else {
        let message = "a peer is empty; one that should be everybody is left out of the list";
        return (!has_selector).then(|| (peer, "empty peer".to_owned(), message.to_owned()));
    };
    if has_selector {
        let message = "an `ipBlock` stands together with a selector in one peer";
        return Some((block, "mixed peer".to_owned(), message.to_owned()));
    }
    let cidr = block.field("cidr")?;
    let text = cidr.str().unwrap_or("");
    let Ok(net) = text.parse::<IpNet>() else {
        return Some((cidr, text.to_owned(), format!("`{text}` is not a block of addresses")));
    };
    block.field("except").into_iter().flat_map(Value::items).find_map(|cut| {
        let name = cut.str().unwrap_or("");
        let is_inside =
            name.parse::<IpNet>().is_ok_and(|cut| net.contains(&cut) && cut.prefix_len() > net.prefix_len());
        (!is_inside).then(|| (cut, name.to_owned(), format!("the exception `{name}` is not a part of `{text}`")))
    })
}
