//! Volumes of other kinds than the restricted level knows.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/volume-types",
    control: Control::PodSecurity,
    severity: Severity::Low,
    title: "Volume attached past the cluster's storage",
    why: "Volumes such as nfs, iscsi or rbd are mounted by the node as the pod's author asks, with addresses and \
          options that no administrator has approved; some plugins run programs of the node as root.",
    fix: "Offer the storage as a PersistentVolume and use a claim.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "restricted: Volume Types")],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Restricted, since: 0, run };

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    for volume in pod.volumes.into_iter().flat_map(Value::items) {
        // A volume without any source becomes an emptyDir.
        for (kind, source) in volume.entries().filter(|(_, source)| !source.is_null()) {
            match kind {
                "name"
                | "configMap"
                | "csi"
                | "downwardAPI"
                | "emptyDir"
                | "ephemeral"
                | "image"
                | "persistentVolumeClaim"
                | "projected"
                | "secret" => {}
                // Forbidden at the baseline level already.
                "hostPath" => {}
                _ => {
                    let name = volume.text_at(&["name"]).unwrap_or("");
                    found.at(source, name, format!("volume `{name}` is of the type `{kind}`"));
                }
            }
        }
    }
}
