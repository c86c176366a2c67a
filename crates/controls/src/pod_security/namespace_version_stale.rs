//! Namespaces that are judged by the Pod Security Standard of a release long gone.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::labels::{AUDIT_VERSION, ENFORCE_VERSION, WARN_VERSION, current};
use super::standard::policy_version;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/namespace-version-stale",
    control: Control::PodSecurity,
    severity: Severity::Low,
    title: "Pod Security version is out of date",
    why: "Checks that later releases brought do not run in this namespace: it stays open to what they were written \
          against, such as probes that the kubelet sends to other hosts.",
    fix: "Set the version to that of the cluster, or to `latest`; see by `warn` and `audit` first what it would refuse.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "admission")],
    check: Check::Cluster { run },
};

/// A pinned version may be as old as the oldest release that is still maintained.
const MAINTAINED: u32 = 3;

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Namespace"]) {
        return;
    }
    let current = current(facts, report);
    for namespace in &facts.namespaces.namespaces {
        report.examined(1);
        for (key, evidence) in &namespace.pod_security {
            let key: &str = key;
            if !matches!(key, ENFORCE_VERSION | AUDIT_VERSION | WARN_VERSION) {
                continue;
            }
            let Some(Ok(pinned)) = namespace.label(key).map(policy_version) else { continue };
            if pinned.minor.saturating_add(MAINTAINED) < current.minor {
                let name = namespace.origin.name();
                let message = format!(
                    "namespace `{name}` is judged by {pinned}, {} releases behind {current}",
                    current.minor - pinned.minor
                );
                report.finding(&namespace.origin.subject, evidence.clone(), key, message).set("\"latest\"");
            }
        }
    }
}
