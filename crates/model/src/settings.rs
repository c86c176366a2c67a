//! What the user decided before the run: parsed once, cannot be wrong.

pub mod file;

use jiff::Timestamp;

use crate::kubernetes_version::KubernetesVersion;
use crate::waiver::Waiver;

#[derive(Debug, Clone)]
pub struct Settings {
    /// The instant that the run takes for now.
    pub now: Timestamp,
    /// The release to judge by; none means what the cluster says, else the newest known.
    pub kubernetes_version: Option<KubernetesVersion>,
    /// Registries (with optional path) that images may come from, `*` matches within one segment; empty means no list
    /// was given.
    pub allowed_registries: Vec<String>,
    pub waivers: Vec<Waiver>,
    /// Whether `waive.rampart.dev/*` annotations of objects count: off where those who deploy may not excuse themselves.
    pub annotation_waivers: bool,
    /// Only these namespaces are judged; empty means all.
    pub namespaces: Vec<String>,
}

impl Settings {
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            kubernetes_version: None,
            allowed_registries: Vec::new(),
            waivers: Vec::new(),
            annotation_waivers: true,
            namespaces: Vec::new(),
        }
    }

    /// Whether what stands in a namespace is to be judged. Cluster-scoped objects, whose namespace is empty, always are.
    pub fn wants(&self, namespace: &str) -> bool {
        namespace.is_empty() || self.namespaces.is_empty() || self.namespaces.iter().any(|name| name == namespace)
    }
}
