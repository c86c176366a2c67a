//! Debug containers that were added to a controller's running pod and are not in its template.

use rampart_model::rule::Kinds;
use rampart_model::{
    Check, ContainerKind, Control, KubernetesVersion, Mapping, Object, Pod, Reporter, Rule, Severity, Standard,
};

use super::standard::{Level, evaluate_containers};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/debug-container",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Debug container with dangerous settings",
    why: "An ephemeral container stays in its pod until the pod ends, with every right that it was given to look for a \
          fault; whoever may attach to it has them too. The workload's template does not show it.",
    fix: "Delete the pod, so that its controller makes a clean one, and debug with the profile `restricted` or `baseline`.",
    maps_to: &[
        Mapping(Standard::PodSecurityStandards, "baseline"),
        Mapping(Standard::MitreAttack, "T1609"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["Pod"]), run },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    // Other pods are judged with all of their containers, and so is a pod whose controller is not known.
    let pod = Pod::is_made_by_scanned_controller(*object).then(|| Pod::all(*object)).into_iter().flatten().next();
    let has_any = |pod: &Pod<'_>| pod.spec.field("ephemeralContainers").is_some_and(|list| !list.is_empty());
    let Some(pod) = pod.filter(has_any) else { return report.not_concerned() };
    let version = report.settings().kubernetes_version.unwrap_or(KubernetesVersion::LATEST);
    for violation in evaluate_containers(Level::Baseline, version, &pod, ContainerKind::Ephemeral) {
        let key = format!("{} {}", violation.rule, violation.key);
        report.finding(&object.subject(), violation.place, key, violation.message);
    }
}
