//! The Secrets that a pod names.

use crate::document::Value;
use crate::workload::Pod;

pub(super) struct PodReference<'d> {
    pub(super) name: &'d str,
    /// The place, where the pod does not start without the Secret.
    pub(super) needed: Option<Value<'d>>,
}

/// Volume types whose driver logs in with a Secret.
const DRIVERS: &[&str] = &["cephfs", "rbd", "flexVolume", "storageos", "scaleIO", "iscsi"];

pub(super) fn of<'d>(pod: &Pod<'d>, mut found: impl FnMut(PodReference<'d>)) {
    let mut add = |reference: Option<Value<'d>>, key: &str| {
        let Some(reference) = reference else { return };
        let Some(value) = reference.field(key) else { return };
        let Some(name) = value.str().filter(|name| !name.is_empty()) else { return };
        let is_optional = reference.bool_at(&["optional"]) == Some(true);
        found(PodReference { name, needed: (!is_optional).then_some(value) });
    };
    for container in pod.containers() {
        for variable in container.env() {
            add(variable.dig(&["valueFrom", "secretKeyRef"]), "name");
        }
        for source in container.value.field("envFrom").into_iter().flat_map(Value::items) {
            add(source.field("secretRef"), "name");
        }
    }
    for volume in pod.volumes() {
        add(volume.field("secret"), "secretName");
        add(volume.field("azureFile"), "secretName");
        add(volume.dig(&["csi", "nodePublishSecretRef"]), "name");
        for driver in DRIVERS {
            add(volume.dig(&[driver, "secretRef"]), "name");
        }
        for source in volume.dig(&["projected", "sources"]).into_iter().flat_map(Value::items) {
            add(source.field("secret"), "name");
        }
    }
    // A pull secret that is not there is passed over in silence.
    for secret in pod.spec.field("imagePullSecrets").into_iter().flat_map(Value::items) {
        if let Some(name) = secret.text_at(&["name"]) {
            found(PodReference { name, needed: None });
        }
    }
}
