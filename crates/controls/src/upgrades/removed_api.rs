//! Objects written in an API version that the target release does not serve any more.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

use super::{lifecycle, target};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/removed-api",
    control: Control::Upgrades,
    severity: Severity::High,
    title: "API version is no longer served",
    why: "The API server refuses the object: a roll-out, a restore from backup or a new environment stops at it, often \
          in the middle of an upgrade.",
    fix: "Write the object in the API version that replaces it, and mind fields that changed with it.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::All, run },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(row) = lifecycle::find(object.api_version(), object.kind()) else {
        // The core group has not changed; of other groups nothing is known.
        if object.api_version() != "v1" {
            report.not_concerned();
        }
        return;
    };
    let target = target(report);
    if !row.is_removed(target) {
        return;
    }
    let replacement = row.replacement(target);
    if lifecycle::is_live(object) && replacement.is_some() {
        return;
    }
    let advice = match replacement {
        Some(replacement) => format!("use `{replacement}`"),
        None if row.kind == "PodSecurityPolicy" => "nothing replaces it but Pod Security admission".to_owned(),
        None => "nothing replaces it".to_owned(),
    };
    let message = format!(
        "`{}` {} is gone since v1.{} (judged for v1.{target}): {advice}",
        row.api_version, row.kind, row.removed
    );
    let entry = report.finding(&object.subject(), lifecycle::version_field(object), "apiVersion", message);
    if let Some(replacement) = replacement.filter(|replacement| row.moves_as_it_is(object, replacement))
        && object.value().field("apiVersion").is_some()
    {
        entry.set(&format!("\"{replacement}\""));
    }
}
