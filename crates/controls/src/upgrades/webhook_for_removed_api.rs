//! Admission webhooks that listen for API versions which are not served any more.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::{lifecycle, target};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/webhook-for-removed-api",
    control: Control::Upgrades,
    severity: Severity::Medium,
    title: "Webhook listens for a removed API only",
    why: "After the upgrade no request comes in under that version, so the check or mutation behind the webhook does \
          not happen any more, without an error.",
    fix: "Name the group and version that serve the resource now.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1562")],
    check: Check::Object {
        kinds: Kinds::Of(&[
            "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
            "admissionregistration.k8s.io/MutatingWebhookConfiguration",
        ]),
        run,
    },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    let target = target(report);
    for webhook in object.value().field("webhooks").into_iter().flat_map(Value::items) {
        let name = webhook.text_at(&["name"]).unwrap_or_default();
        let rules = || webhook.field("rules").into_iter().flat_map(Value::items);
        for resource in rules().flat_map(|rule| texts(rule, "resources").map(move |resource| (rule, resource))) {
            let (rule, resource) = resource;
            let Some(text) = resource.str().filter(|text| !text.contains(['*', '/'])) else { continue };
            let Some(replacement) = lost(rule, text, target) else { continue };
            // Another rule of the webhook may already listen for the new version.
            let (group, version) = replacement.rsplit_once('/').unwrap_or(("", replacement));
            let is_heard = |rule: Value<'_>| {
                [("apiGroups", group), ("apiVersions", version), ("resources", text)].into_iter().all(
                    |(key, wanted)| {
                        texts(rule, key).filter_map(Value::str).any(|given| given == wanted || given == "*")
                    },
                )
            };
            if rules().any(is_heard) {
                continue;
            }
            let message = format!("webhook `{name}` hears of `{text}` under a removed API only: add `{replacement}`");
            report.finding(&object.subject(), resource, format!("{name} {text}"), message);
        }
    }
}

fn texts<'d>(value: Value<'d>, key: &str) -> impl Iterator<Item = Value<'d>> + use<'d> {
    // A handful in any real webhook; the product of three lists must stay small in a hostile one.
    value.field(key).into_iter().flat_map(Value::items).take(50)
}

/// What replaces `resource`, where every group and version of `rule` that has it is gone.
fn lost(rule: Value<'_>, resource: &str, target: u32) -> Option<&'static str> {
    let mut replacement = None;
    for group in texts(rule, "apiGroups").filter_map(Value::str) {
        for version in texts(rule, "apiVersions").filter_map(Value::str) {
            if group == "*" || version == "*" {
                return None;
            }
            let Some(row) = lifecycle::find_resource(group, version, resource) else {
                // Another group's resource of the same name, or a version that we do not know.
                if group.is_empty() || lifecycle::rows_of(group, resource).next().is_none() {
                    continue;
                }
                return None;
            };
            if !row.is_removed(target) {
                return None;
            }
            replacement = replacement.or(row.replacement(target));
        }
    }
    replacement
}
