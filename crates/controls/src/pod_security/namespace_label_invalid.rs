//! Labels for pod security admission that it does not understand.

use rampart_model::facts::namespaces::POD_SECURITY;
use rampart_model::rule::Kinds;
use rampart_model::{Check, Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::labels::{AUDIT, AUDIT_VERSION, ENFORCE, ENFORCE_VERSION, WARN, WARN_VERSION};
use super::standard::{Level, policy_version};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/namespace-label-invalid",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Pod Security label is not understood",
    why: "A mistyped key has no effect at all, and a mistyped value does not mean what its author meant: the namespace \
          is guarded otherwise than it looks.",
    fix: "Use the keys enforce, audit and warn with privileged, baseline or restricted, and their `-version` with \
          `latest` or a release such as `v1.31`.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "admission")],
    check: Check::Object { kinds: Kinds::Of(&["Namespace"]), run },
};

fn run(namespace: &Object<'_>, report: &mut Reporter<'_>) {
    let labels = namespace.value().dig(&["metadata", "labels"]).into_iter().flat_map(Value::entries);
    for (key, value) in labels.filter(|(key, _)| key.starts_with(POD_SECURITY)) {
        let text = value.str().unwrap_or("");
        let problem = match key {
            ENFORCE | AUDIT | WARN => text.parse::<Level>().err(),
            ENFORCE_VERSION | AUDIT_VERSION | WARN_VERSION => policy_version(text).err(),
            _ => Some(format!("`{key}` is no label of pod security admission and has no effect")),
        };
        if let Some(problem) = problem {
            let entry = report.finding(&namespace.subject(), value, key, problem);
            let lower = text.to_ascii_lowercase();
            if text != lower && (lower.parse::<Level>().is_ok() || policy_version(&lower).is_ok()) {
                entry.set(&format!("\"{lower}\""));
            }
        }
    }
}
