//! Requests for certificates that nobody has decided.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/pending-request",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Certificate request waits for a decision",
    why: "A kubelet whose request for a serving certificate is not approved shows one that it signed itself, which \
          nothing can verify.",
    fix: "Look at who asked for what, then approve or deny it; let an approver with rules decide requests of \
          kubelets.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.3.6")],
    check: Check::Object { kinds: Kinds::Of(&["certificates.k8s.io/CertificateSigningRequest"]), run },
};

fn run(request: &Object<'_>, report: &mut Reporter<'_>) {
    let conditions = request.value().dig(&["status", "conditions"]).into_iter().flat_map(Value::items);
    let is_decided = conditions
        .filter_map(|condition| condition.text_at(&["type"]))
        .any(|kind| matches!(kind, "Approved" | "Denied" | "Failed"));
    if is_decided {
        return;
    }
    let signer = request.value().text_at(&["spec", "signerName"]).unwrap_or("an unnamed signer");
    let place = request.value().dig(&["spec", "signerName"]).unwrap_or(request.value());
    report.finding(
        &request.subject(),
        place,
        "undecided",
        format!("a request to `{signer}` is neither approved nor denied"),
    );
}
