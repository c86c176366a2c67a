//! Annotations of services, ingresses and claims that a field replaced.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Remedy, Reporter, Rule, Severity};

use super::target;

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/deprecated-annotation",
    control: Control::Upgrades,
    severity: Severity::Low,
    title: "Annotation was replaced by a field",
    why: "Controllers drop old annotations one by one; the object then silently falls to the default class or loses \
          the behaviour that it asked for.",
    fix: "Set the field and remove the annotation.",
    maps_to: &[],
    check: Check::Object {
        kinds: Kinds::Of(&["/Service", "/PersistentVolumeClaim", "/PersistentVolume", "networking.k8s.io/Ingress"]),
        run,
    },
};

struct Moved {
    kind: &'static str,
    annotation: &'static str,
    since: u32,
    field: &'static str,
    /// The field takes the annotation's text; else it is the boolean true.
    is_text: bool,
}

const MOVED: [Moved; 4] = [
    Moved {
        kind: "Ingress",
        annotation: "kubernetes.io/ingress.class",
        since: 18,
        field: "ingressClassName",
        is_text: true,
    },
    Moved {
        kind: "PersistentVolumeClaim",
        annotation: "volume.beta.kubernetes.io/storage-class",
        since: 6,
        field: "storageClassName",
        is_text: true,
    },
    Moved {
        kind: "PersistentVolume",
        annotation: "volume.beta.kubernetes.io/storage-class",
        since: 6,
        field: "storageClassName",
        is_text: true,
    },
    Moved {
        kind: "Service",
        annotation: "service.alpha.kubernetes.io/tolerate-unready-endpoints",
        since: 11,
        field: "publishNotReadyAddresses",
        is_text: false,
    },
];

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(annotations) = object.value().dig(&["metadata", "annotations"]) else { return };
    let Some(spec) = object.value().field("spec") else { return };
    let target = target(report);
    for moved in MOVED.iter().filter(|moved| moved.kind == object.kind() && moved.since <= target) {
        let Some(value) = annotations.field(moved.annotation) else { continue };
        let field = spec.field(moved.field);
        if field.is_some() && (moved.is_text || field.and_then(|field| field.bool()) == Some(true)) {
            continue;
        }
        let message =
            format!("`{}` is deprecated since v1.{}: set `spec.{}`", moved.annotation, moved.since, moved.field);
        let entry = report.finding(&object.subject(), value, moved.annotation, message);
        let text = value.str().unwrap_or_default();
        // An ingress class has to exist as an object for the field, so that a person decides there.
        let json = match (moved.kind, moved.is_text) {
            ("Ingress", _) => continue,
            (_, true) if !text.contains(['"', '\\']) => format!("\"{text}\""),
            (_, false) if text == "true" => "true".to_owned(),
            _ => continue,
        };
        entry
            .remedy(Remedy::Set { path: spec.path().join(moved.field), json })
            .remedy(Remedy::Remove { path: value.path() });
    }
}
