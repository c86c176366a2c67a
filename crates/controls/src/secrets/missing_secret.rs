//! References to Secrets that are not there.

use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use std::collections::HashSet;

pub(crate) static RULE: Rule = Rule {
    id: "secrets/missing-secret",
    control: Control::Secrets,
    severity: Severity::Low,
    title: "Secret that a workload needs does not exist",
    why: "The pods cannot start until somebody creates the Secret; whoever may create Secrets in the namespace decides what \
          they will take for their credentials.",
    fix: "Create the Secret (or the object that a controller makes it from), correct its name, or remove the reference; mark \
          it `optional: true` where the program can do without.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.1")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Secret"]) {
        return;
    }
    let there: HashSet<(&str, &str)> =
        facts.secrets.secrets.iter().map(|secret| (secret.origin.namespace(), secret.origin.name())).collect();
    report.examined(facts.secrets.references.len());
    let missing = facts.secrets.references.iter().filter(|reference| {
        !there.contains(&(&*reference.subject.namespace, &*reference.secret))
            && !facts.secrets.is_made(&reference.subject.namespace, &reference.secret)
    });
    if !facts.is_cluster {
        // Secrets are rightly kept out of the folders that manifests live in.
        let names: HashSet<_> = missing.map(|reference| (&reference.subject.namespace, &reference.secret)).collect();
        if !names.is_empty() {
            report.gap(
                format!("{} Secrets that workloads refer to are not among the files", names.len()),
                "scan the cluster to see whether they exist",
            );
        }
        return;
    }
    for reference in missing {
        let secret = &reference.secret;
        let message = format!("refers to Secret `{secret}`, which does not exist");
        report.finding(&reference.subject, reference.evidence(), &**secret, message);
    }
}
