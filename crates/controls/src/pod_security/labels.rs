//! What a namespace asks of its pods by labels.

use rampart_model::facts::namespaces::Namespace;
use rampart_model::{Facts, KubernetesVersion, Reporter};

use super::standard::{Level, policy_version};

pub const ENFORCE: &str = "pod-security.kubernetes.io/enforce";
pub const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";
pub const AUDIT: &str = "pod-security.kubernetes.io/audit";
pub const AUDIT_VERSION: &str = "pod-security.kubernetes.io/audit-version";
pub const WARN: &str = "pod-security.kubernetes.io/warn";
pub const WARN_VERSION: &str = "pod-security.kubernetes.io/warn-version";

/// True for the namespaces of Kubernetes itself: what runs there needs the nodes, and admission is usually told so.
pub fn is_own(namespace: &str) -> bool {
    matches!(namespace, "kube-system" | "kube-public" | "kube-node-lease")
}

/// The release that the cluster or the user names, else the newest known: what `latest` means.
pub fn current(facts: &Facts, report: &Reporter<'_>) -> KubernetesVersion {
    report.settings().kubernetes_version.or(facts.server_version).unwrap_or(KubernetesVersion::LATEST)
}

/// Level and release that a namespace enforces; none without a valid level. A version that cannot be read counts as
/// `latest`, and so does one that the cluster does not know yet.
pub fn enforced(namespace: &Namespace, current: KubernetesVersion) -> Option<(Level, KubernetesVersion)> {
    let level = namespace.label(ENFORCE)?.parse().ok()?;
    let pinned = namespace.label(ENFORCE_VERSION).and_then(|version| policy_version(version).ok());
    Some((level, pinned.map_or(current, |pinned| pinned.min(current))))
}
