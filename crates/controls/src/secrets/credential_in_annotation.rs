//! Credentials in annotations, of an object or of the pods that it makes.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Place, Reporter, Rule, Severity, Standard, Value, secret};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/credential-in-annotation",
    control: Control::Secrets,
    severity: Severity::High,
    title: "Credential in an annotation",
    why: "Annotations are shown by every tool that shows an object, are copied from templates to pods, and are readable by \
          everyone who may list the kind; nothing treats them as secret.",
    fix: "Keep the credential in a Secret and let the annotation name it; then replace the credential.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.2"), Mapping(Standard::MitreAttack, "T1552.007")],
    check: Check::Object { kinds: Kinds::All, run },
};

/// The metadata of an object, of a pod template, and of the template of a cron job.
const ANNOTATIONS: &[&[&str]] = &[
    &["metadata", "annotations"],
    &["spec", "template", "metadata", "annotations"],
    &["spec", "jobTemplate", "spec", "template", "metadata", "annotations"],
];

/// A copy of the object whose fields are judged by themselves, and paths in a vault.
fn is_of_others(key: &str) -> bool {
    key == "kubectl.kubernetes.io/last-applied-configuration" || key.starts_with("vault.hashicorp.com/")
}

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    // What a controller made from a template was judged there.
    if object.controller().is_some() {
        return report.not_concerned();
    }
    let mut is_concerned = false;
    for annotations in ANNOTATIONS.iter().filter_map(|path| object.value().dig(path)) {
        for (key, value) in annotations.entries().filter(|(key, _)| !is_of_others(key)) {
            is_concerned = true;
            report_one(object, key, value, report);
        }
    }
    if !is_concerned {
        report.not_concerned();
    }
}

fn report_one(object: &Object<'_>, key: &str, value: Value<'_>, report: &mut Reporter<'_>) {
    let Some(sighting) = value.str().and_then(|text| secret::judge(key, text)) else { return };
    report.finding(
        &object.subject(),
        Place::Secret(value),
        key,
        format!("annotation `{key}` holds a credential ({})", sighting.looks_like),
    );
}
