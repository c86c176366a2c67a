//! Network plugins, known by the node agents that they run, and whether they enforce NetworkPolicy.

use crate::document::Value;
use crate::facts::Origin;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::workload::Pod;

#[derive(Debug, Clone)]
pub struct Plugin {
    /// The agent's workload, or the settings that switch policies off.
    pub origin: Origin,
    pub name: Name,
    pub enforcement: Enforcement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enforcement {
    Yes,
    No,
    Unknown,
}

/// The first release of kindnet (by date of its image) that enforces policies.
const KINDNET_SINCE: &str = "20240813";

impl Plugin {
    /// The plugin that an object tells of: an agent (or a Pod of one that is not itself scanned), settings, a node.
    pub(super) fn of(object: &Object<'_>, names: &mut Names) -> Option<Self> {
        match object.kind() {
            "ConfigMap" => return Self::of_settings(object, names),
            "Node" => return Self::of_node(object, names),
            // Calico enforces beside whichever plugin it is told to work with.
            "Installation" => return Some(Self::new(object, "calico", Enforcement::Yes, names)),
            _ => {}
        }
        if object.kind() == "Pod" && object.controller().is_some_and(|(kind, _)| kind != "DaemonSet") {
            return None;
        }
        let pod = Pod::all(*object).into_iter().next()?;
        let (name, enforcement) = pod.containers().filter_map(|container| agent(&pod, container.value)).max_by_key(
            // An agent that enforces decides: canal runs flannel beside Calico.
            |(_, enforcement)| *enforcement == Enforcement::Yes,
        )?;
        Some(Self::new(object, name, enforcement, names))
    }

    fn new(object: &Object<'_>, name: &str, enforcement: Enforcement, names: &mut Names) -> Self {
        Self { origin: Origin::of(object, names), name: names.intern(name), enforcement }
    }

    /// k3s runs its network and its policy controller inside its own process, unless told otherwise.
    fn of_node(object: &Object<'_>, names: &mut Names) -> Option<Self> {
        // Without its own network, another plugin does it all.
        const NO_NETWORK: [&str; 2] = ["\"--flannel-backend=none\"", "\"--flannel-backend\",\"none\""];
        let arguments = object.annotation("k3s.io/node-args")?;
        if !arguments.starts_with("[\"server\"") || NO_NETWORK.iter().any(|flag| arguments.contains(flag)) {
            return None;
        }
        let is_off = arguments.contains("\"--disable-network-policy\"");
        let enforcement = if is_off { Enforcement::No } else { Enforcement::Yes };
        Some(Self::new(object, "k3s", enforcement, names))
    }

    /// Cilium can be told to let everything through.
    fn of_settings(object: &Object<'_>, names: &mut Names) -> Option<Self> {
        let is_off = object.name() == "cilium-config"
            && object.value().text_at(&["data", "enable-policy"]).is_some_and(|policy| policy == "never");
        is_off.then(|| Self::new(object, "cilium with `enable-policy: never`", Enforcement::No, names))
    }
}

/// What a container is known to be, by the last part of its image's name.
fn agent(pod: &Pod<'_>, container: Value<'_>) -> Option<(&'static str, Enforcement)> {
    let image = container.text_at(&["image"])?;
    let (repository, tag) = repository_and_tag(image);
    let (parent, last) = repository.rsplit_once('/').unwrap_or(("", repository));
    let name = container.text_at(&["name"]).unwrap_or("");
    let found = match last {
        "node" | "calico-node" if parent.ends_with("calico") || last == "calico-node" || name == "calico-node" => {
            ("calico", Enforcement::Yes)
        }
        "cilium" | "cilium-ci" if name.starts_with("cilium") => ("cilium", Enforcement::Yes),
        "antrea-ubuntu" | "antrea-ubi" | "antrea-agent-ubuntu" | "antrea-agent-ubi" => ("antrea", Enforcement::Yes),
        "weave-npc" => ("weave net", Enforcement::Yes),
        "weave-kube" => ("weave net", Enforcement::No),
        "kube-router" => ("kube-router", unless_argument(container, "--run-firewall", "false")),
        "aws-network-policy-agent" => ("aws-node", aws(container)),
        "amazon-k8s-cni" => ("aws-node", Enforcement::No),
        "azure-npm" => ("azure-npm", Enforcement::Yes),
        "kube-ovn" => ("kube-ovn", Enforcement::Yes),
        "kube-network-policies" => ("kube-network-policies", Enforcement::Yes),
        "flannel" => ("flannel", Enforcement::No),
        "kindnetd" => ("kindnet", kindnet(tag)),
        _ => return by_workload(pod.object.name()),
    };
    Some(found)
}

/// Agents whose images have no telling name.
fn by_workload(name: &str) -> Option<(&'static str, Enforcement)> {
    Some(match name {
        "calico-node" | "canal" => ("calico", Enforcement::Yes),
        "cilium" => ("cilium", Enforcement::Yes),
        "antrea-agent" => ("antrea", Enforcement::Yes),
        "anetd" => ("gke dataplane v2", Enforcement::Yes),
        "ovnkube-node" => ("ovn-kubernetes", Enforcement::Yes),
        "ovs-ovn" => ("kube-ovn", Enforcement::Yes),
        "nsx-node-agent" => ("nsx", Enforcement::Yes),
        "kube-flannel" | "kube-flannel-ds" => ("flannel", Enforcement::No),
        _ => return None,
    })
}

fn repository_and_tag(image: &str) -> (&str, &str) {
    let (image, _) = image.split_once('@').unwrap_or((image, ""));
    match image.rsplit_once(':') {
        // A colon before a slash is a registry's port.
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (image, ""),
    }
}

fn arguments<'d>(container: Value<'d>) -> impl Iterator<Item = &'d str> {
    ["command", "args"]
        .into_iter()
        .flat_map(move |list| container.field(list).into_iter().flat_map(Value::items).filter_map(Value::str))
}

fn unless_argument(container: Value<'_>, flag: &str, off: &str) -> Enforcement {
    let is_off = arguments(container).filter_map(|argument| argument.split_once('=')).any(|given| given == (flag, off));
    if is_off { Enforcement::No } else { Enforcement::Yes }
}

/// The agent of the AWS plugin enforces when told so.
fn aws(container: Value<'_>) -> Enforcement {
    let told = arguments(container).find_map(|argument| argument.strip_prefix("--enable-network-policy="));
    match told {
        Some("true") => Enforcement::Yes,
        Some(_) => Enforcement::No,
        None => Enforcement::Unknown,
    }
}

/// Tags begin with a date: `v20240813-c6f155d6`.
fn kindnet(tag: &str) -> Enforcement {
    let date =
        tag.strip_prefix('v').and_then(|rest| rest.get(..8)).filter(|date| date.bytes().all(|b| b.is_ascii_digit()));
    match date {
        Some(date) if date >= KINDNET_SINCE => Enforcement::Yes,
        Some(_) => Enforcement::No,
        None => Enforcement::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Document, Facts, Limits, SourceText};

    fn plugin(workload: &str, container: &str) -> Option<(String, Enforcement)> {
        told_by(format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {workload}, namespace: kube-system}}\nspec:\n  \
             template: {{spec: {{containers: [{container}]}}}}\n"
        ))
    }

    fn told_by(yaml: String) -> Option<(String, Enforcement)> {
        let (documents, error) = Document::all_from_yaml(&Arc::new(SourceText::new("x.yaml", yaml)), &Limits::STANDARD);
        assert_eq!(error, None);
        let mut facts = Facts::default();
        documents.iter().flat_map(Object::all).for_each(|object| facts.fold(&object));
        facts.network.plugins.first().map(|plugin| (plugin.name.to_string(), plugin.enforcement))
    }

    #[test]
    fn nodes_of_k3s_tell_whether_it_enforces() {
        let node = |arguments: &str| {
            told_by(format!(
                "apiVersion: v1\nkind: Node\nmetadata:\n  name: a\n  annotations: {{k3s.io/node-args: '{arguments}'}}\n"
            ))
        };
        assert_eq!(node(r#"["server"]"#), Some(("k3s".to_owned(), Enforcement::Yes)));
        assert_eq!(node(r#"["server","--disable-network-policy"]"#), Some(("k3s".to_owned(), Enforcement::No)));
        assert_eq!(node(r#"["server","--flannel-backend","none","--disable-network-policy"]"#), None);
        assert_eq!(node(r#"["server","--flannel-backend=none","--disable-network-policy"]"#), None);
        assert_eq!(node(r#"["agent"]"#), None);
        assert_eq!(told_by("apiVersion: v1\nkind: Node\nmetadata: {name: a}\n".to_owned()), None);
    }

    #[test]
    fn agents_are_known_by_image_or_name() {
        use Enforcement::{No, Unknown, Yes};
        for (workload, container, expected) in [
            ("calico-node", "{name: calico-node, image: 'quay.io/calico/node:v3.30.3'}", ("calico", Yes)),
            ("calico-node", "{name: calico-node, image: 'mirror.example:5000/proxy/node:1'}", ("calico", Yes)),
            ("cilium", "{name: cilium-agent, image: 'quay.io/cilium/cilium:v1.18.2@sha256:00'}", ("cilium", Yes)),
            ("anetd", "{name: cilium-agent, image: 'gke.gcr.io/cilium/cilium:v1'}", ("cilium", Yes)),
            ("anetd", "{name: agent, image: x}", ("gke dataplane v2", Yes)),
            ("antrea-agent", "{name: antrea-agent, image: 'antrea/antrea-agent-ubuntu:v2.7.0'}", ("antrea", Yes)),
            ("weave-net", "{name: weave, image: weaveworks/weave-kube}", ("weave net", No)),
            (
                "weave-net",
                "{name: weave, image: weaveworks/weave-kube}, {name: weave-npc, image: weaveworks/weave-npc}",
                ("weave net", Yes),
            ),
            ("kube-router", "{name: kube-router, image: cloudnativelabs/kube-router}", ("kube-router", Yes)),
            (
                "kube-router",
                "{name: kube-router, image: cloudnativelabs/kube-router, args: [--run-firewall=false]}",
                ("kube-router", No),
            ),
            ("aws-node", "{name: aws-node, image: 'registry.example/amazon-k8s-cni:v1.19.0'}", ("aws-node", No)),
            ("aws-node", "{name: a, image: amazon/aws-network-policy-agent}", ("aws-node", Unknown)),
            (
                "aws-node",
                "{name: a, image: amazon/aws-network-policy-agent, args: [--enable-network-policy=true]}",
                ("aws-node", Yes),
            ),
            (
                "azure-npm",
                "{name: azure-npm, image: 'mcr.microsoft.com/containernetworking/azure-npm:v1'}",
                ("azure-npm", Yes),
            ),
            ("ovnkube-node", "{name: ovn-controller, image: x}", ("ovn-kubernetes", Yes)),
            ("kube-flannel-ds", "{name: kube-flannel, image: 'quay.io/coreos/flannel:v0.11.0-amd64'}", ("flannel", No)),
            ("kindnet", "{name: kindnet-cni, image: 'docker.io/kindest/kindnetd:v20240513-cbd7fce4'}", ("kindnet", No)),
            (
                "kindnet",
                "{name: kindnet-cni, image: 'docker.io/kindest/kindnetd:v20250512-df8de77b'}",
                ("kindnet", Yes),
            ),
            ("kindnet", "{name: kindnet-cni, image: 'docker.io/kindest/kindnetd:stable'}", ("kindnet", Unknown)),
        ] {
            assert_eq!(
                plugin(workload, container),
                Some((expected.0.to_owned(), expected.1)),
                "{workload} {container}"
            );
        }
        assert_eq!(
            plugin("node-exporter", "{name: node-exporter, image: 'quay.io/prometheus/node-exporter:v1'}"),
            None
        );
        assert_eq!(plugin("node", "{name: node, image: 'docker.io/library/node:22'}"), None);
    }
}
