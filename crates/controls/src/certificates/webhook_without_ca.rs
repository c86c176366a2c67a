//! Webhooks and extension APIs that the API server cannot verify.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/webhook-without-ca",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Webhook has no authority to be verified by",
    why: "The API server checks such a server against the trust store of its host, which does not know certificates \
          of the cluster: calls fail, and with failurePolicy Ignore the check is skipped.",
    fix: "Set caBundle to the authority of the webhook, or let cert-manager inject it by annotation.",
    maps_to: &[],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let callers = &facts.certificates.callers;
    report.examined(callers.len());
    for caller in callers.iter().filter(|caller| !caller.has_bundle && !caller.is_injected) {
        let message = format!("`{}` has no `caBundle`, and no annotation asks for one", caller.name);
        report.finding(&caller.origin.subject, caller.evidence.clone(), &*caller.name, message);
    }
    report.sees(
        facts,
        &["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "CustomResourceDefinition"],
    );
}
