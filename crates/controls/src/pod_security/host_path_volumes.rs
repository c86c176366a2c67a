//! Volumes that are folders of the node.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/host-path-volumes",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Volume from the node's file system",
    why: "A folder of the node leads to the secrets of its other pods, to the kubelet's credentials or, through a \
          runtime socket, to every container of the node; written to, it survives the pod.",
    fix: "Use a PersistentVolumeClaim, emptyDir or a projected volume; leave node folders to node agents in a namespace \
          of their own.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.11"),
        Mapping(Standard::PodSecurityStandards, "baseline: HostPath Volumes"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

/// Whoever holds one of these (or what lies in it) holds the node.
const KEYS_TO_THE_NODE: &[&str] = &[
    "/boot",
    "/dev",
    "/etc",
    "/proc",
    "/root",
    "/run/containerd",
    "/run/crio",
    "/run/docker.sock",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/lib/etcd",
    "/var/lib/kubelet",
];

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    for volume in pod.volumes.into_iter().flat_map(Value::items) {
        let Some(host_path) = volume.field("hostPath") else { continue };
        let name = volume.text_at(&["name"]).unwrap_or("");
        let path = host_path.text_at(&["path"]).unwrap_or("");
        let place = host_path.field("path").unwrap_or(host_path);
        let message = format!("volume `{name}` is `{path}` of the node");
        let severity = if holds_the_node(path) { Severity::Critical } else { Severity::High };
        found.at(place, name, message).severity(severity);
    }
}

fn holds_the_node(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let path = path.strip_prefix("/var").filter(|rest| rest.starts_with("/run")).unwrap_or(path);
    let is_above_one =
        KEYS_TO_THE_NODE.iter().any(|key| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')));
    is_above_one || KEYS_TO_THE_NODE.contains(&path)
}
