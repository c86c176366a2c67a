//! Namespaces whose warnings or audit records ask for less than what they enforce.

use rampart_model::rule::Kinds;
use rampart_model::{Check, Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::labels::{AUDIT, ENFORCE, WARN};
use super::standard::Level;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/namespace-warnings-weaker",
    control: Control::PodSecurity,
    severity: Severity::Low,
    title: "Pod Security warns of less than it refuses",
    why: "Only pods are refused, while warnings and audit records also come for Deployments and other workloads. Where \
          they are weaker than what is enforced, a workload is taken without a word and its pods never start.",
    fix: "Set `warn` and `audit` to the enforced level or a stricter one.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "admission")],
    check: Check::Object { kinds: Kinds::Of(&["Namespace"]), run },
};

fn run(namespace: &Object<'_>, report: &mut Reporter<'_>) {
    let level = |key| namespace.label(key).and_then(|text| text.parse::<Level>().ok());
    let Some(enforced) = level(ENFORCE) else { return report.not_concerned() };
    for (key, mode) in [(WARN, "warns of"), (AUDIT, "records")] {
        let field = namespace.value().dig(&["metadata", "labels", key]);
        if let (Some(weaker), Some(field)) = (level(key).filter(|level| *level < enforced), field) {
            let name = namespace.name();
            let message = format!("namespace `{name}` enforces `{enforced}` and {mode} violations of `{weaker}` only");
            report.finding(&namespace.subject(), field, key, message).set(&format!("\"{enforced}\""));
        }
    }
}
