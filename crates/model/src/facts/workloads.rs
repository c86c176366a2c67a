//! Everything that runs pods, with what rules of several controls ask of a pod.
//!
//! Pods made by a controller that is itself scanned are left out: the controller stands for them.

use super::Origin;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::workload::Pod;

#[derive(Debug, Default, Clone)]
pub struct WorkloadFacts {
    pub workloads: Vec<Workload>,
}

#[derive(Debug, Clone)]
pub struct Workload {
    pub origin: Origin,
    pub labels: Vec<(Name, Name)>,
    /// The name of the service account; `default` where the pod names none.
    pub service_account: Name,
    /// `automountServiceAccountToken` as the pod itself has it.
    pub automount_token: Option<bool>,
    pub host_network: bool,
}

impl WorkloadFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        if Pod::is_made_by_scanned_controller(*object) {
            return;
        }
        for pod in Pod::all(*object) {
            let labels = pod.labels().map(|(key, value)| (names.intern(key), names.intern(value))).collect();
            self.workloads.push(Workload {
                origin: Origin::of(object, names),
                labels,
                service_account: names.intern(pod.service_account()),
                automount_token: pod.spec.bool_at(&["automountServiceAccountToken"]),
                host_network: pod.spec.bool_at(&["hostNetwork"]) == Some(true),
            });
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.workloads.extend(other.workloads);
    }

    pub(super) fn sort(&mut self) {
        self.workloads.sort_by(|a, b| a.origin.subject.cmp(&b.origin.subject));
    }
}
