//! Everything that runs pods, with what rules of several controls ask of a pod.
//!
//! Pods made by a controller that is itself scanned are left out: the controller stands for them.

use super::Origin;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::selector::LabelSelector;
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
    pub standing: Standing,
}

/// What the Pod Security levels say of a pod: for each the first minor release (of v1) whose standard forbids it; none
/// where none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    pub baseline: Option<u32>,
    pub restricted: Option<u32>,
}

/// Judges a pod for [`Workload::standing`]. Facts know no rules, so whoever folds them lends theirs.
pub type Judge = fn(&Pod<'_>) -> Standing;

const RUNTIME_LABELS: &[&str] = &[
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-generation",
    "pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// True for a label that a controller gives to pods beyond those of the template.
pub fn is_runtime_label(key: &str) -> bool {
    RUNTIME_LABELS.contains(&key)
}

impl Workload {
    /// True where the selector takes these pods, or may take them once controllers have labelled them.
    pub fn may_be_selected(&self, selector: &LabelSelector) -> bool {
        if selector.matches(&self.labels) {
            return true;
        }
        let is_bare = &*self.origin.subject.kind == "Pod";
        // Whoever serves a custom kind may add labels of its own.
        let is_custom = !self.is_builtin();
        !is_bare && selector.may_match(&self.labels, |key| is_custom || is_runtime_label(key))
    }

    /// A kind of Kubernetes itself, whose pods are what the template says.
    pub fn is_builtin(&self) -> bool {
        matches!(self.origin.subject.group(), "" | "apps" | "batch" | "extensions")
    }

    /// False for a template that nothing runs by itself.
    pub fn runs(&self) -> bool {
        &*self.origin.subject.kind != "PodTemplate"
    }
}

impl WorkloadFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names, judge: Option<Judge>) {
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
                standing: judge.map(|judge| judge(&pod)).unwrap_or_default(),
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
