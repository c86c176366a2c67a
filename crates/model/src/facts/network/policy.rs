//! Policies: whom they select, which directions they close, and whether they open them again for everybody.

use crate::document::{Kind, Value};
use crate::evidence::Evidence;
use crate::facts::Origin;
use crate::name::Names;
use crate::object::Object;
use crate::selector::LabelSelector;

#[derive(Debug, Clone)]
pub struct NetworkPolicy {
    pub origin: Origin,
    pub pods: LabelSelector,
    /// The place of the pod selector; none where it selects everything.
    pub selector_at: Option<Evidence>,
    pub ingress: Traffic,
    pub egress: Traffic,
    /// The first rule that lets every source in, on ports that it names.
    pub any_source_at: Option<Evidence>,
}

/// What a policy does with one direction of the pods that it selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// Does not speak of it: other policies decide, and without any everything is allowed.
    Untouched,
    /// Only what its rules name.
    Limited,
    /// A rule allows everything, so that no policy can limit these pods.
    Unlimited,
}

impl NetworkPolicy {
    pub(super) fn of(object: &Object<'_>, names: &mut Names) -> Option<Self> {
        let spec = object.value().field("spec")?;
        let selector = spec.field("podSelector");
        let pods = LabelSelector::of(selector, names);
        let selector_at = selector.filter(|_| !pods.is_everything()).map(Evidence::at);
        let directions = directions(spec);
        let mut rules = spec.field("ingress").filter(|_| directions.0).into_iter().flat_map(Value::items);
        let any_source = rules.find(|rule| limits_ports(*rule) && allows_every_peer(*rule, "from"));
        Some(Self {
            origin: Origin::of(object, names),
            pods,
            selector_at,
            ingress: traffic(spec, directions.0, "ingress", "from"),
            egress: traffic(spec, directions.1, "egress", "to"),
            any_source_at: any_source.map(Evidence::at),
        })
    }
}

fn traffic(spec: Value<'_>, is_closed: bool, rules: &str, peers: &str) -> Traffic {
    let mut rules = spec.field(rules).into_iter().flat_map(Value::items);
    match is_closed {
        false => Traffic::Untouched,
        true if rules.any(|rule| allows_everything(rule, peers)) => Traffic::Unlimited,
        true => Traffic::Limited,
    }
}

/// Whether a policy's `spec` closes ingress and egress, with the API server's default for absent `policyTypes`.
pub fn directions(spec: Value<'_>) -> (bool, bool) {
    match spec.field("policyTypes").filter(|types| !types.is_empty()) {
        Some(types) => {
            let names = |wanted: &str| types.items().any(|name| name.str() == Some(wanted));
            (names("Ingress"), names("Egress"))
        }
        None => (true, spec.field("egress").is_some_and(|rules| !rules.is_empty())),
    }
}

/// True for a rule that allows every peer on every port. `peers` is `from` or `to`.
pub fn allows_everything(rule: Value<'_>, peers: &str) -> bool {
    !limits_ports(rule) && allows_every_peer(rule, peers)
}

/// True for a rule without peers, or with one that is every address.
pub fn allows_every_peer(rule: Value<'_>, peers: &str) -> bool {
    if rule.kind() != Kind::Object {
        return false;
    }
    let peers = rule.field(peers).filter(|peers| !peers.is_empty());
    peers.is_none_or(|peers| {
        peers.items().filter_map(|peer| peer.field("ipBlock")).any(|block| {
            let has_exceptions = block.field("except").is_some_and(|except| !except.is_empty());
            !has_exceptions && block.text_at(&["cidr"]).is_some_and(|cidr| cidr.ends_with("/0"))
        })
    })
}

/// True where every entry of `ports` names a port or a range that is not all of them.
pub fn limits_ports(rule: Value<'_>) -> bool {
    let ports = rule.field("ports").filter(|ports| !ports.is_empty());
    ports.is_some_and(|ports| {
        ports.items().all(|entry| match entry.field("port") {
            None => false,
            Some(port) => !(port.i64().is_some_and(|first| first <= 1) && entry.i64_at(&["endPort"]) >= Some(65535)),
        })
    })
}

/// A policy above or below those of the namespaces.
#[derive(Debug, Clone)]
pub struct TierPolicy {
    pub origin: Origin,
    /// Evaluated after the namespaces' own policies, for pods that none of them selects.
    pub is_baseline: bool,
    pub namespaces: LabelSelector,
    pub pods: LabelSelector,
    /// A rule denies all that comes in from pods of all namespaces.
    pub denies_ingress: bool,
    /// A rule denies all that goes out to pods of all namespaces.
    pub denies_egress: bool,
}

impl TierPolicy {
    pub(super) fn of(object: &Object<'_>, names: &mut Names) -> Option<Self> {
        let spec = object.value().field("spec")?;
        let is_baseline = match object.kind() {
            "AdminNetworkPolicy" => false,
            "BaselineAdminNetworkPolicy" => true,
            "ClusterNetworkPolicy" => spec.text_at(&["tier"]) == Some("Baseline"),
            _ => return None,
        };
        let by_namespace = spec.dig(&["subject", "namespaces"]);
        let by_pod = spec.dig(&["subject", "pods"]);
        let namespaces = by_namespace.or_else(|| by_pod?.field("namespaceSelector"));
        Some(Self {
            origin: Origin::of(object, names),
            is_baseline,
            namespaces: LabelSelector::of(namespaces, names),
            pods: LabelSelector::of(by_pod.and_then(|pods| pods.field("podSelector")), names),
            denies_ingress: denies_all_pods(spec, "ingress", "from"),
            denies_egress: denies_all_pods(spec, "egress", "to"),
        })
    }
}

fn denies_all_pods(spec: Value<'_>, rules: &str, peers: &str) -> bool {
    let rules = spec.field(rules).into_iter().flat_map(Value::items);
    rules.into_iter().any(|rule| tier_rule_is_total(rule, "Deny", peers))
}

/// True for a rule of a tier policy with this action, for pods of all namespaces and all ports.
pub fn tier_rule_is_total(rule: Value<'_>, action: &str, peers: &str) -> bool {
    let has_ports = ["ports", "protocols"].iter().any(|key| rule.field(key).is_some_and(|list| !list.is_empty()));
    rule.text_at(&["action"]) == Some(action)
        && !has_ports
        && rule.field(peers).into_iter().flat_map(Value::items).any(|peer| {
            peer.field("namespaces").is_some_and(selects_everything)
                || peer.field("pods").is_some_and(|pods| {
                    pods.field("namespaceSelector").is_none_or(selects_everything)
                        && pods.field("podSelector").is_none_or(selects_everything)
                })
        })
}

/// True for a selector without requirements.
pub fn selects_everything(selector: Value<'_>) -> bool {
    ["matchLabels", "matchExpressions"].iter().all(|key| selector.field(key).is_none_or(Value::is_empty))
}

pub(super) fn is_foreign(kind: &str) -> bool {
    matches!(
        kind,
        "CiliumNetworkPolicy"
            | "CiliumClusterwideNetworkPolicy"
            | "NetworkPolicy"
            | "GlobalNetworkPolicy"
            | "ClusterNetworkPolicy"
            | "EgressFirewall"
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Document, Limits, SourceText};

    fn with<T>(yaml: &str, ask: impl Fn(Value<'_>) -> T) -> T {
        let (documents, error) = Document::all_from_yaml(&Arc::new(SourceText::new("x.yaml", yaml)), &Limits::STANDARD);
        assert_eq!(error, None);
        ask(documents[0].root())
    }

    #[test]
    fn absent_policy_types_default_as_in_the_api_server() {
        for (spec, expected) in [
            ("podSelector: {}", (true, false)),
            ("policyTypes: []", (true, false)),
            ("egress: []", (true, false)),
            ("egress: [{}]", (true, true)),
            ("{policyTypes: [Egress], ingress: [{}]}", (false, true)),
            ("policyTypes: [Ingress, Egress]", (true, true)),
        ] {
            assert_eq!(with(spec, directions), expected, "{spec}");
        }
    }

    #[test]
    fn only_ports_that_leave_some_out_are_a_limit() {
        for (rule, expected) in [
            ("{}", false),
            ("ports: []", false),
            ("ports: [{protocol: TCP}]", false),
            ("ports: [{port: 80}, {protocol: UDP}]", false),
            ("ports: [{port: 1, endPort: 65535}]", false),
            ("ports: [{port: 80}]", true),
            ("ports: [{port: http}]", true),
            ("ports: [{port: 1024, endPort: 65535}]", true),
        ] {
            assert_eq!(with(rule, limits_ports), expected, "{rule}");
        }
    }

    #[test]
    fn everything_is_no_peer_or_every_address() {
        for (rule, expected) in [
            ("{}", true),
            ("from: []", true),
            ("from: ~", true),
            ("from: [{ipBlock: {cidr: 0.0.0.0/0}}]", true),
            ("from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]", false),
            ("from: [{podSelector: {}}]", false),
            ("ports: [{port: 80}]", false),
            ("[]", false),
        ] {
            assert_eq!(with(rule, |rule| allows_everything(rule, "from")), expected, "{rule}");
        }
    }
}
