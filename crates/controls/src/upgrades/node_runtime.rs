//! Nodes whose container runtime the target release does not work with.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::cluster_target;

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/node-runtime",
    control: Control::Upgrades,
    severity: Severity::Medium,
    title: "Container runtime is too old for the release",
    why: "A kubelet of that release does not start with this runtime: the node stays NotReady after its upgrade.",
    fix: "Move the node to a current containerd or CRI-O before its kubelet.",
    maps_to: &[],
    check: Check::Cluster { run },
};

/// A runtime as nodes report it, the release that ended its support, and why.
const ENDED: [(&str, u32, &str); 3] = [
    ("docker://", 24, "the Docker shim was removed from the kubelet"),
    ("containerd://0.", 26, "the kubelet needs version v1 of the runtime interface, from containerd 1.6 on"),
    ("containerd://1.", 36, "containerd 1 is no longer supported"),
];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let target = cluster_target(facts, report);
    if report.sees(facts, &["Node"]) && facts.control_plane.nodes.is_empty() {
        report.gap("no Node objects: the container runtimes are not known", "scan the cluster itself");
    }
    for node in facts.control_plane.nodes.iter().filter(|node| !node.runtime.is_empty()) {
        report.examined(1);
        let ended = ENDED.iter().find(|(prefix, release, _)| node.runtime.starts_with(prefix) && *release <= target);
        if let Some((_, release, why)) = ended {
            let message = format!("`{}` does not work with v1.{target}: since v1.{release} {why}", node.runtime);
            report.finding(&node.origin.subject, node.runtime_evidence.clone(), "runtime", message);
        }
    }
}
