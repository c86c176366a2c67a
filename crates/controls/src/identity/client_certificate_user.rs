//! Logins by a certificate that the cluster signed for somebody.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "identity/client-certificate-user",
    control: Control::Identity,
    severity: Severity::Low,
    title: "Login by a certificate that cannot be revoked",
    why: "The API server has no list of revoked certificates: who leaves, or loses the key, can log in until the \
          certificate ends.",
    fix: "Let people log in through an identity provider; sign certificates for components only, with a short life.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "3.1.1"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1649"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["certificates.k8s.io/CertificateSigningRequest"]), run },
};

/// The signer of clients; the older name signs whatever is asked for.
const SIGNERS: [&str; 2] = ["kubernetes.io/kube-apiserver-client", "kubernetes.io/legacy-unknown"];

fn run(request: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(signer) = request.value().dig(&["spec", "signerName"]) else { return };
    if !signer.str().is_some_and(|name| SIGNERS.contains(&name)) {
        return;
    }
    let conditions = request.value().dig(&["status", "conditions"]).into_iter().flat_map(Value::items);
    let mut kinds = conditions.filter_map(|condition| condition.text_at(&["type"]));
    if !kinds.any(|kind| kind == "Approved") {
        return;
    }
    let who = request.value().text_at(&["spec", "username"]).unwrap_or("somebody");
    let message = format!("a client certificate was signed at the request of `{who}` and cannot be revoked");
    report.finding(&request.subject(), signer, "", message);
}
