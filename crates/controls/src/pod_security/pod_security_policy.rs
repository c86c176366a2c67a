//! PodSecurityPolicy objects, which no release since v1.25 serves, and what takes their place.

use rampart_model::rule::Kinds;
use rampart_model::{Check, Control, KubernetesVersion, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::migration::Migration;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/pod-security-policy",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "PodSecurityPolicy is not enforced any more",
    why: "Kubernetes removed PodSecurityPolicy in v1.25. The object is refused or ignored there, and pods that it used \
          to refuse are taken unless a Pod Security level does it instead.",
    fix: "Label the namespaces whose pods used the policy with the Pod Security level that corresponds to it, write into \
          the workloads what the policy used to fill in, and delete it with the roles that grant `use` of it.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.2.1"), Mapping(Standard::PodSecurityStandards, "migration")],
    check: Check::Object { kinds: Kinds::Of(&["policy/PodSecurityPolicy", "extensions/PodSecurityPolicy"]), run },
};

/// The release that announced the end of the kind, and the first without it.
const DEPRECATED: KubernetesVersion = KubernetesVersion::minor(21);
const REMOVED: KubernetesVersion = KubernetesVersion::minor(25);

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let migration = Migration::of(policy);
    let version = report.settings().kubernetes_version.unwrap_or(KubernetesVersion::LATEST);
    let severity = match version {
        version if version < DEPRECATED => Severity::Info,
        version if version < REMOVED => Severity::Low,
        _ => Severity::Medium,
    };
    let place = policy.value().field("kind").unwrap_or(policy.value());
    let message = format!("PodSecurityPolicy `{}` {migration}", policy.name());
    report.finding(&policy.subject(), place, "", message).severity(severity);
}
