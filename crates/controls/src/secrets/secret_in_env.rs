//! Secrets handed to a process as environment variables.

use rampart_model::{Check, Control, Mapping, Pod, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/secret-in-env",
    control: Control::Secrets,
    severity: Severity::Low,
    title: "Secret passed as environment variables",
    why: "Variables are inherited by every child process, show in crash dumps and debug pages, and keep the old value until \
          the pod is restarted; a mounted file does none of that.",
    fix: "Mount the Secret as a read-only volume and let the program read the file.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.1"), Mapping(Standard::MitreAttack, "T1552.007")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for container in pod.containers() {
        // Several variables from one Secret are one decision.
        let mut told: Vec<&str> = Vec::new();
        let single = container.env().filter_map(|variable| variable.dig(&["valueFrom", "secretKeyRef"]));
        let whole = container.value.field("envFrom").into_iter().flat_map(Value::items);
        let whole = whole.filter_map(|source| source.field("secretRef"));
        for reference in single.chain(whole) {
            let Some(name) = reference.field("name") else { continue };
            let Some(secret) = name.str().filter(|secret| !secret.is_empty() && !told.contains(secret)) else {
                continue;
            };
            told.push(secret);
            let container = container.name();
            report.finding(
                &pod.object.subject(),
                name,
                format!("{container}/{secret}"),
                format!("container `{container}` takes Secret `{secret}` as environment variables"),
            );
        }
    }
}
