//! Pods with the token of the service account that nobody chose for them.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/default-token-automounted",
    control: Control::Secrets,
    severity: Severity::Medium,
    title: "Token of the default service account is mounted",
    why: "A pod that never asked for an identity holds a token of the API: whoever breaks into it can use every right that \
          `default` has today or is given later, and learn about the cluster from inside.",
    fix: "Set `automountServiceAccountToken: false` in the pod; where the program does use the API, give it a service account \
          of its own.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.5"),
        Mapping(Standard::CisKubernetes, "5.1.6"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1528"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["ServiceAccount", "Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]) {
        return;
    }
    report.examined(facts.workloads.workloads.len());
    for taker in &facts.secrets.token_takers {
        let account = facts.namespaces.service_account(&taker.subject.namespace, "default");
        let of_account = account.and_then(|account| account.automount_token);
        if taker.automount.or(of_account) != Some(false) {
            let message = "runs as service account `default` and has its token mounted";
            report.finding(&taker.subject, taker.evidence(), "default", message).set("false");
        }
    }
}
