//! Credentials written as the value of an environment variable.

use rampart_model::{Check, Control, Mapping, Place, Pod, Reporter, Rule, Severity, Standard, secret};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/credential-in-env",
    control: Control::Secrets,
    severity: Severity::High,
    title: "Credential in an environment variable",
    why: "The value stands in clear text in the manifest, in its Git history and in etcd, and everyone who may get the \
          workload reads it; few teams can say who that is.",
    fix: "Keep the value in a Secret or a vault, mount it as a file (or refer to it with `secretKeyRef`), and replace the \
          credential: it must be taken for known.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.4.1"),
        Mapping(Standard::CisKubernetes, "5.4.2"),
        Mapping(Standard::MitreAttack, "T1552.001"),
    ],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for container in pod.containers() {
        for variable in container.env() {
            let (Some(name), Some(value)) = (variable.text_at(&["name"]), variable.field("value")) else { continue };
            let Some(sighting) = value.str().and_then(|text| secret::judge(name, text)) else { continue };
            let container = container.name();
            report.finding(
                &pod.object.subject(),
                Place::Secret(value),
                format!("{container}/{name}"),
                format!("variable `{name}` of container `{container}` holds a credential ({})", sighting.looks_like),
            );
        }
    }
}
