//! Secrets that nothing refers to.

use std::collections::HashSet;

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/unused-secret",
    control: Control::Secrets,
    severity: Severity::Low,
    title: "Secret that nothing uses",
    why: "The credential goes on working where it was issued, nobody renews or revokes it, and nobody would notice that it is \
          read.",
    fix: "Revoke the credential where it was issued and delete the Secret; if a program reads it through the API, give that \
          program a role with this name in `resourceNames`.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.2"), Mapping(Standard::MitreAttack, "T1552.007")],
    check: Check::Cluster { run },
};

/// What Kubernetes and its tools keep for themselves and find by type.
fn is_of_machinery(of_type: &str) -> bool {
    of_type.starts_with("helm.sh/")
        || matches!(of_type, "kubernetes.io/service-account-token" | "bootstrap.kubernetes.io/token")
        || of_type.starts_with("istio.io/")
        || of_type.starts_with("cluster.x-k8s.io/")
}

/// Kinds without which it cannot be said that nothing refers to a Secret.
const NEEDED: &[&str] = &[
    "Secret",
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
    "ServiceAccount",
    "Ingress",
    "Gateway",
    "Role",
];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, NEEDED) {
        return;
    }
    // In a namespace whose workloads are not among the objects, everything would seem unused.
    let inhabited: HashSet<&str> =
        facts.workloads.workloads.iter().map(|workload| workload.origin.namespace()).collect();
    for secret in &facts.secrets.secrets {
        let (namespace, name) = (secret.origin.namespace(), secret.origin.name());
        if secret.is_kept_by_controller
            || is_of_machinery(&secret.of_type)
            || namespace.starts_with("kube-")
            || !inhabited.contains(namespace)
        {
            continue;
        }
        report.examined(1);
        if !facts.secrets.is_mentioned(namespace, name) {
            let evidence = secret.origin.evidence.clone();
            report.finding(&secret.origin.subject, evidence, "", "no object in sight refers to this Secret");
        }
    }
}
