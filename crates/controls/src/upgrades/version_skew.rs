//! Components further apart than Kubernetes supports.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Evidence, Facts, KubernetesVersion, Reporter, Rule, Severity, Subject};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/version-skew",
    control: Control::Upgrades,
    severity: Severity::Medium,
    title: "Components are too many releases apart",
    why: "Kubernetes tests a kubelet up to three minor releases behind the API server and other components up to one; \
          beyond that pods fail in odd ways, and the next step of the control plane is blocked.",
    fix: "Bring the older component forward before the API server moves on; never run one ahead of the API server.",
    maps_to: &[],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let plane = &facts.control_plane;
    let servers: Vec<KubernetesVersion> =
        plane.api_servers().filter_map(|server| server.version).chain(facts.server_version).collect();
    let (Some(oldest), Some(newest)) = (servers.iter().min().copied(), servers.iter().max().copied()) else {
        return report.gap(
            "the release of the API server is not known, nothing can be held against it",
            "scan the cluster itself, or the static pod manifests of a control-plane node too",
        );
    };
    if report.sees(facts, &["Node"]) && plane.nodes.is_empty() {
        report.gap("no Node objects: the releases of the kubelets are not known", "scan the cluster itself");
    }
    if newest.minor > oldest.minor + 1 {
        let message = format!("API servers run {oldest} and {newest}; at most one minor release may lie between");
        report.finding(&Subject::cluster(), Evidence::default(), "kube-apiserver", message);
    }
    for node in &plane.nodes {
        let Some(kubelet) = node.kubelet else { continue };
        report.examined(1);
        let behind = if kubelet.minor < 25 { 2 } else { 3 };
        if let Some(why) = distance(kubelet, oldest, newest, behind) {
            report.finding(
                &node.origin.subject,
                node.kubelet_evidence.clone(),
                "kubelet",
                format!("kubelet {kubelet} {why}"),
            );
        }
    }
    for component in &plane.components {
        let behind = match component.role {
            Role::ControllerManager | Role::Scheduler => 1,
            Role::Proxy => 3,
            Role::ApiServer | Role::Etcd => continue,
        };
        let Some(version) = component.version else { continue };
        report.examined(1);
        if let Some(why) = distance(version, oldest, newest, behind) {
            let name = component.role.id();
            let message = format!("{name} {version} {why}");
            report.finding(&component.origin.subject, component.image.clone(), name, message);
        }
    }
}

/// What is wrong with a component of `version` beside API servers from `oldest` to `newest`.
fn distance(
    version: KubernetesVersion,
    oldest: KubernetesVersion,
    newest: KubernetesVersion,
    behind: u32,
) -> Option<String> {
    if version > oldest {
        return Some(format!("is ahead of the API server {oldest}"));
    }
    (version.minor + behind < newest.minor)
        .then(|| format!("is more than {behind} minor releases behind the API server {newest}"))
}
