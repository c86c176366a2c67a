//! Extension APIs that the API server calls without looking at their certificate.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/extension-api-unverified",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Extension API is called without verification",
    why: "Whoever can answer in place of the extension server, by a pod with its labels or on the network, gets the \
          requests of every user and the headers that say who they are.",
    fix: "Set caBundle to the authority of the extension server and remove insecureSkipTLSVerify.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1557")],
    check: Check::Object { kinds: Kinds::Of(&["apiregistration.k8s.io/APIService"]), run },
};

fn run(service: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(field) = service.value().dig(&["spec", "insecureSkipTLSVerify"]) else { return };
    if field.bool() == Some(true) {
        let message = "the certificate of the extension server is not verified";
        report.finding(&service.subject(), field, "insecureSkipTLSVerify", message);
    }
}
