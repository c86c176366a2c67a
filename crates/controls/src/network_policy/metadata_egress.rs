//! Egress to the addresses at which clouds hand out a node's credentials.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use rampart_model::facts::network::policy::{directions, limits_ports};
use rampart_model::{Check, Control, Kinds, Mapping, Object, Remedy, Reporter, Rule, Severity, Standard, Step, Value};

use super::NETWORK_POLICIES;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/metadata-egress",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Egress to the cloud's metadata service",
    why: "The metadata service gives whoever asks the credentials of the node. A pod that is tricked into one request can \
          take them, and with them often the cloud account.",
    fix: "Put the metadata addresses into `except`, or allow narrower blocks; give pods an identity of their own.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
        Mapping(Standard::MitreAttack, "T1552.005"),
    ],
    check: Check::Object { kinds: Kinds::Of(NETWORK_POLICIES), run },
};

/// A metadata service, and the shortest prefix of a block for which it is meant.
struct Service {
    address: IpAddr,
    /// 0 where every cluster may have it; longer where only one cloud does, so that a block must be about it.
    prefix: u8,
}

const SERVICES: [Service; 4] = [
    Service { address: IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)), prefix: 0 },
    Service { address: IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)), prefix: 0 },
    // Azure's agent channel and Alibaba Cloud's metadata.
    Service { address: IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)), prefix: 16 },
    Service { address: IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)), prefix: 16 },
];

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = policy.value().field("spec") else { return };
    if !directions(spec).1 {
        return report.not_concerned();
    }
    let mut seen: Vec<&str> = Vec::new();
    for rule in spec.field("egress").into_iter().flat_map(Value::items).filter(|rule| reaches_http(*rule)) {
        let Some(peers) = rule.field("to").filter(|peers| !peers.is_empty()) else {
            // Without limit on ports it is the affair of `network-policy/allow-all-egress`.
            if limits_ports(rule) && !seen.contains(&"") {
                seen.push("");
                let message = format!("egress to every address reaches the metadata address {}", SERVICES[0].address);
                report.finding(&policy.subject(), rule, "", message);
            }
            continue;
        };
        for block in peers.items().filter_map(|peer| peer.field("ipBlock")) {
            let Some(cidr) = block.field("cidr") else { continue };
            let Some(text) = cidr.str().filter(|text| !seen.contains(text)) else { continue };
            let reached = reached(text, block);
            if reached.is_empty() {
                continue;
            }
            seen.push(text);
            report_block(policy, cidr, text, &reached, report);
        }
    }
}

fn report_block(policy: &Object<'_>, cidr: Value<'_>, text: &str, reached: &[IpAddr], report: &mut Reporter<'_>) {
    let names: Vec<_> = reached.iter().map(IpAddr::to_string).collect();
    let message = format!("egress to `{text}` reaches the metadata address {}", names.join(" and "));
    let mut finding = report.finding(&policy.subject(), cidr, text, message);
    // An exception must be smaller than its block.
    if text.parse::<IpNet>().is_ok_and(|net| net.prefix_len() < net.max_prefix_len()) {
        let mut path = cidr.path();
        path.0.pop();
        path.0.push(Step::key("except"));
        for address in reached {
            let json = format!("\"{}\"", IpNet::from(*address));
            finding = finding.remedy(Remedy::Append { path: path.clone(), json });
        }
    }
}

/// The metadata services inside a block and outside its exceptions.
fn reached(cidr: &str, block: Value<'_>) -> Vec<IpAddr> {
    let Ok(net) = cidr.parse::<IpNet>() else { return Vec::new() };
    let except = || block.field("except").into_iter().flat_map(Value::items).filter_map(Value::str);
    let is_excepted =
        |address: &IpAddr| except().filter_map(|cut| cut.parse::<IpNet>().ok()).any(|cut| cut.contains(address));
    SERVICES
        .iter()
        .filter(|service| net.prefix_len() >= service.prefix && net.contains(&service.address))
        .map(|service| service.address)
        .filter(|address| !is_excepted(address))
        .collect()
}

/// True where the rule's ports include 80 over TCP, at which all of these services listen. A named port means a pod's.
fn reaches_http(rule: Value<'_>) -> bool {
    let Some(ports) = rule.field("ports").filter(|ports| !ports.is_empty()) else { return true };
    ports.items().any(|entry| {
        let is_tcp = entry.text_at(&["protocol"]).is_none_or(|protocol| protocol == "TCP");
        let includes = match entry.field("port") {
            None => true,
            Some(port) => port.i64().is_some_and(|first| {
                let last = entry.i64_at(&["endPort"]).unwrap_or(first);
                (first..=last).contains(&80)
            }),
        };
        is_tcp && includes
    })
}
