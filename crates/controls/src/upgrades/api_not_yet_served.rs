//! Objects written in an API version that is younger than the target release.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

use super::lifecycle;

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/api-not-yet-served",
    control: Control::Upgrades,
    severity: Severity::Medium,
    title: "API version is newer than the cluster",
    why: "A cluster of the release that was named does not know this version and refuses the object.",
    fix: "Upgrade the cluster first, or write the object in a version that it serves.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::All, run },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    // Without a named release the newest known one is the target, which serves everything.
    let Some(target) = report.settings().kubernetes_version else { return report.not_concerned() };
    let Some(row) = lifecycle::find(object.api_version(), object.kind()) else { return report.not_concerned() };
    if row.introduced > target.minor && !lifecycle::is_live(object) {
        let message = format!("`{}` {} comes with v1.{}, after {target}", row.api_version, row.kind, row.introduced);
        report.finding(&object.subject(), lifecycle::version_field(object), "apiVersion", message);
    }
}
