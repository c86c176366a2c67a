//! Workloads whose secrets are bound when they start, and need not lie in etcd: worth knowing; and with whose identity.

use rampart_model::{Check, Control, Mapping, Place, Pod, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/late-binding",
    control: Control::Secrets,
    severity: Severity::Info,
    title: "Secrets are bound late",
    why: "The workload takes its secrets from a vault when it starts: they are not in its manifest and need not be in etcd, \
          so what counts is who may log in to the vault as this service account.",
    fix: "Give each workload a service account of its own, and bind the vault's role to that namespace and account only.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.2")],
    check: Check::Pod { run },
};

const INJECT: &str = "vault.hashicorp.com/agent-inject";
const BANK_VAULTS: &str = "vault.security.banzaicloud.io/vault-role";

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    let annotations = pod.template.dig(&["metadata", "annotations"]);
    let annotation = |key: &str| annotations.and_then(|annotations| annotations.field(key));
    let subject = pod.object.subject();
    let (agent, webhook) = (annotation(INJECT).filter(|value| value.str() == Some("true")), annotation(BANK_VAULTS));
    let classes: Vec<Value<'_>> = pod
        .volumes()
        .filter_map(|volume| volume.field("csi"))
        .filter(|csi| csi.text_at(&["driver"]) == Some("secrets-store.csi.k8s.io"))
        .collect();
    if agent.is_none() && webhook.is_none() && classes.is_empty() {
        return report.not_concerned();
    }
    if let Some(agent) = agent {
        let role = pod.annotation("vault.hashicorp.com/role").unwrap_or("default");
        let message = format!("the Vault agent binds its secrets at start, with role `{role}`");
        report.finding(&subject, agent, "vault-agent", message);
    }
    if let Some(webhook) = webhook {
        report.finding(&subject, webhook, "bank-vaults", "the Vault webhook binds its variables at start");
    }
    for csi in classes {
        let class = csi.text_at(&["volumeAttributes", "secretProviderClass"]).unwrap_or_default();
        let message = format!("the Secrets Store driver mounts `{class}` at start");
        report.finding(&subject, csi.field("driver").unwrap_or(csi), format!("csi/{class}"), message);
    }
    if pod.service_account() == "default" {
        let place = match pod.spec.field("serviceAccountName") {
            Some(name) => Place::At(name),
            None => Place::Missing(pod.spec, "serviceAccountName"),
        };
        let message = "logs in to the vault as service account `default`, as every other pod of the namespace can";
        report.finding(&subject, place, "default", message).severity(Severity::Low);
    }
}
