//! Endpoints written by hand: the kind is deprecated, and new features pass it by.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity};

use super::{lifecycle, target};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/deprecated-endpoints",
    control: Control::Upgrades,
    severity: Severity::Low,
    title: "Endpoints object is deprecated",
    why: "Since v1.33 the API server warns about Endpoints: they hold one IP family, are cut at 1,000 addresses, and \
          proxies read EndpointSlices only.",
    fix: "Write an EndpointSlice with the label kubernetes.io/service-name instead.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::Of(&["/Endpoints"]), run },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    // A live cluster makes one for every Service by itself.
    if lifecycle::is_live(object) {
        return report.not_concerned();
    }
    if target(report) < 33 {
        return;
    }
    let message = "Endpoints are deprecated since v1.33: use an EndpointSlice of `discovery.k8s.io/v1`";
    report.finding(&object.subject(), lifecycle::version_field(object), "kind", message);
}
