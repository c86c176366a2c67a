//! Secrets that hold a token of a service account which never expires.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "identity/legacy-token-secret",
    control: Control::Identity,
    severity: Severity::Medium,
    title: "Token of a service account never expires",
    why: "The token in the Secret works until somebody deletes it: from every copy, backup and laptop that it was \
          taken to, also after the pod and the person are gone.",
    fix: "Remove the Secret and let pods use projected tokens; where something outside needs one, ask for a token \
          with an end by `kubectl create token`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.6"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security: Protecting Pod service account tokens"),
        Mapping(Standard::MitreAttack, "T1528"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["/Secret"]), run },
};

fn run(secret: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(kind) = secret.value().field("type") else { return };
    if kind.str() != Some("kubernetes.io/service-account-token") {
        return;
    }
    let message = match secret.annotation("kubernetes.io/service-account.name") {
        Some(account) => format!("the token of service account `{account}` in this Secret never expires"),
        None => "a token of a service account in a Secret never expires".to_owned(),
    };
    report.finding(&secret.subject(), kind, "", message);
}
