//! Privileged containers.

use rampart_model::{Check, Control, Mapping, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/privileged",
    control: Control::PodSecurity,
    severity: Severity::Critical,
    title: "Privileged container",
    why: "A privileged container has every capability and every device of its node: it is root on the host.",
    fix: "Remove `privileged: true` and add the single capabilities or devices that are needed.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.2"),
        Mapping(Standard::PodSecurityStandards, "baseline: Privileged Containers"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for container in pod.containers() {
        let privileged = container.security_context().and_then(|context| context.field("privileged"));
        if let Some(privileged) = privileged.filter(|privileged| privileged.bool() == Some(true)) {
            let name = container.name();
            report
                .finding(&pod.object.subject(), privileged, name, format!("container `{name}` is privileged"))
                .set("false");
        }
    }
}
