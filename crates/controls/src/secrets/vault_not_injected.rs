//! Running pods that ask for injection and did not get it.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Container, Control, Mapping, Object, Place, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/vault-not-injected",
    control: Control::Secrets,
    severity: Severity::Medium,
    title: "Pod runs without the secrets that it asks to have injected",
    why: "The injecting webhook was away or passed the pod by while its failure policy let it through: the program runs \
          without its credentials, or with older ones from elsewhere.",
    fix: "See that the injector runs, that its webhook selects the namespace and fails closed there, and restart the pod.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.2")],
    check: Check::Object { kinds: Kinds::Of(&["/Pod"]), run },
};

const INJECT: &str = "vault.hashicorp.com/agent-inject";

fn run(pod: &Object<'_>, report: &mut Reporter<'_>) {
    let annotation = pod.value().dig(&["metadata", "annotations", INJECT]);
    let asks = annotation.filter(|value| matches!(value.str(), Some("true" | "1" | "t" | "T" | "TRUE" | "True")));
    // Manifests are injected when they are created: only a pod that runs can have been passed by.
    let runs = matches!(pod.value().text_at(&["status", "phase"]), Some("Pending" | "Running"));
    let (Some(annotation), true) = (asks, runs) else { return report.not_concerned() };
    let status = pod.annotation("vault.hashicorp.com/agent-inject-status");
    let has_agent = Pod::all(*pod)
        .iter()
        .flat_map(Pod::containers)
        .any(|container: Container<'_>| container.name().starts_with("vault-agent"));
    if status != Some("injected") && !has_agent {
        let message = "asks for the Vault agent, but no agent was injected";
        report.finding(&pod.subject(), Place::At(annotation), "vault", message);
    }
}
