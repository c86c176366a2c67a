//! Changes of rights that are logged without what was changed.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::policy::{Level, Request, deciding};

pub(crate) static RULE: Rule = Rule {
    id: "audit/changes-without-body",
    control: Control::Audit,
    severity: Severity::Low,
    title: "Changes of rights are logged without their content",
    why: "At level Metadata the log says that a role or binding changed but not what it gives now, so a detection rule \
          for wildcard roles or cluster-admin bindings can never fire.",
    fix: "Log create, update and patch of rbac.authorization.k8s.io at level Request or RequestResponse, in a rule \
          in front of the wider one.",
    maps_to: &[Mapping(Standard::CisKubernetes, "3.2.2"), Mapping(Standard::MitreAttack, "T1098")],
    check: Check::Object { kinds: Kinds::Of(&["audit.k8s.io/Policy"]), run },
};

const GROUP: &str = "rbac.authorization.k8s.io";

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let mut bare = Vec::new();
    let mut place = None;
    for resource in ["roles", "clusterroles", "rolebindings", "clusterrolebindings"] {
        let rule = ["create", "update", "patch"]
            .into_iter()
            .filter_map(|verb| deciding(policy, Request { group: GROUP, resource, verb }))
            .map(|(_, rule)| rule)
            .find(|rule| rule.level() == Level::Metadata);
        if let Some(rule) = rule {
            bare.push(resource);
            place = place.or(rule.value.field("level"));
        }
    }
    let Some(place) = place else { return };
    let message = format!("level Metadata leaves out what changes in {}", bare.join(", "));
    report.finding(&policy.subject(), place, bare.join(" "), message);
}
