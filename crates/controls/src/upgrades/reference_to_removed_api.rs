//! Autoscalers that point at their target under an API group that lost the kind.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

use super::{lifecycle, target};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/reference-to-removed-api",
    control: Control::Upgrades,
    severity: Severity::Medium,
    title: "Autoscaler points at a removed API",
    why: "The object is accepted, but its target is looked up under a group that no longer has the kind: scaling stops \
          silently and stays at the size of that moment.",
    fix: "Name the group that serves the kind now, such as apps/v1.",
    maps_to: &[],
    check: Check::Object {
        kinds: Kinds::Of(&[
            "autoscaling/HorizontalPodAutoscaler",
            "autoscaling.k8s.io/VerticalPodAutoscaler",
            "keda.sh/ScaledObject",
        ]),
        run,
    },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    let spec = object.value().field("spec");
    for key in ["scaleTargetRef", "targetRef"] {
        let Some(reference) = spec.and_then(|spec| spec.field(key)) else { continue };
        let (Some(version), Some(kind)) = (reference.field("apiVersion"), reference.text_at(&["kind"])) else {
            continue;
        };
        let Some(row) = version.str().and_then(|version| lifecycle::find(version, kind)) else { continue };
        let target = target(report);
        let Some(replacement) = row.replacement(target) else { continue };
        // Within one group the version is not looked at.
        if !row.is_removed(target) || replacement.split('/').next() == Some(row.group()) {
            continue;
        }
        let message = format!("`{}` has no {kind} since v1.{}: use `{replacement}`", row.api_version, row.removed);
        report.finding(&object.subject(), version, key, message).set(&format!("\"{replacement}\""));
    }
}
