//! Namespaces whose Pod Security level allows everything.

use rampart_model::rule::Kinds;
use rampart_model::{Check, Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::labels::{ENFORCE, is_own};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/namespace-enforce-privileged",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Namespace allows privileged pods",
    why: "With the level `privileged` nothing is refused: whoever may create pods in the namespace may take the node.",
    fix: "Enforce `baseline` or `restricted`; move node agents to a namespace to which few have access.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.1"),
        Mapping(Standard::PodSecurityStandards, "admission"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1610"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["Namespace"]), run },
};

fn run(namespace: &Object<'_>, report: &mut Reporter<'_>) {
    if is_own(namespace.name()) {
        return report.not_concerned();
    }
    let level = namespace.value().dig(&["metadata", "labels", ENFORCE]);
    if let Some(level) = level.filter(|level| level.str() == Some("privileged")) {
        let message = format!("namespace `{}` allows every pod", namespace.name());
        report.finding(&namespace.subject(), level, "", message);
    }
}
