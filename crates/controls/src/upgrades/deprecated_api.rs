//! Objects written in an API version that a later release will stop serving.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

use super::{lifecycle, target};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/deprecated-api",
    control: Control::Upgrades,
    severity: Severity::Low,
    title: "API version is deprecated",
    why: "It is served for now, with a warning; with the release that removes it the same manifest is refused, so it \
          has to change before that upgrade.",
    fix: "Write the object in the API version that replaces it while both are served.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::All, run },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(row) = lifecycle::find(object.api_version(), object.kind()) else {
        if object.api_version() != "v1" {
            report.not_concerned();
        }
        return;
    };
    let target = target(report);
    if !row.is_deprecated(target) || row.is_removed(target) {
        return;
    }
    let replacement = row.replacement(target);
    // Served by a live cluster under this version: where there is another, the server converts by itself.
    if lifecycle::is_live(object) && row.replacement(u32::MAX).is_some() {
        return;
    }
    let until = match row.removed {
        0 => "no release is set for its removal".to_owned(),
        removed => format!("v1.{removed} removes it"),
    };
    let advice = match replacement {
        Some(replacement) => format!("use `{replacement}`"),
        None => "nothing replaces it yet".to_owned(),
    };
    let message =
        format!("`{}` {} is deprecated since v1.{}: {until}; {advice}", row.api_version, row.kind, row.deprecated);
    let mut entry = report.finding(&object.subject(), lifecycle::version_field(object), "apiVersion", message);
    if row.removed == target + 1 {
        entry = entry.severity(Severity::Medium);
    }
    if let Some(replacement) = replacement.filter(|replacement| row.moves_as_it_is(object, replacement))
        && object.value().field("apiVersion").is_some()
    {
        entry.set(&format!("\"{replacement}\""));
    }
}
