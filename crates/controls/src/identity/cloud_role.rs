//! Service accounts that take a role at the cloud provider.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "identity/cloud-role",
    control: Control::Identity,
    severity: Severity::Info,
    title: "Service account takes a role at the cloud provider",
    why: "What the pods may do outside the cluster stands at the provider, not here; on the account `default` every \
          pod of the namespace takes the role, also those that need nothing of it.",
    fix: "Give the role to a service account of the one workload that needs it, and review at the provider what the \
          role allows.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078.004"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["/ServiceAccount"]), run },
};

/// Annotations by which providers give their own roles to pods.
const ANNOTATIONS: [(&str, &str); 3] = [
    ("eks.amazonaws.com/role-arn", "AWS"),
    ("iam.gke.io/gcp-service-account", "Google Cloud"),
    ("azure.workload.identity/client-id", "Azure"),
];

fn run(account: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(annotations) = account.value().dig(&["metadata", "annotations"]) else { return };
    for (annotation, provider) in ANNOTATIONS {
        let Some(role) = annotations.field(annotation).filter(|role| role.str().is_some_and(|role| !role.is_empty()))
        else {
            continue;
        };
        let name = role.str().unwrap_or_default();
        let is_default = account.name() == "default";
        let who = if is_default { "every pod without a service account of its own" } else { "its pods" };
        let message = format!("{who} can act as `{name}` at {provider}");
        let entry = report.finding(&account.subject(), role, annotation, message);
        if is_default {
            entry.severity(Severity::Medium);
        }
    }
}
