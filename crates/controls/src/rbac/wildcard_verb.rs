//! Roles whose rules allow every verb, also those that are invented later.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/wildcard-verb",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role allows every verb",
    why: "`*` includes escalate, bind, impersonate and every verb that a later release adds; whoever holds the role can \
          usually take more than it seems to give.",
    fix: "List the verbs that are used, such as get, list and watch.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.3"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078"),
    ],
    check: Check::Object {
        kinds: Kinds::Of(&["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"]),
        run,
    },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    // Bootstrap roles of Kubernetes itself are its own to answer for.
    if role.label("kubernetes.io/bootstrapping") == Some("rbac-defaults") {
        return report.not_concerned();
    }
    for (position, rule) in role.value().field("rules").into_iter().flat_map(Value::items).enumerate() {
        for verb in rule.field("verbs").into_iter().flat_map(Value::items).filter(|verb| verb.str() == Some("*")) {
            let what = list(rule.field("resources").or_else(|| rule.field("nonResourceURLs")));
            let message = format!("rule {position} allows every verb on {what}");
            report.finding(&role.subject(), verb, what.clone(), message);
        }
    }
}

fn list(values: Option<Value<'_>>) -> String {
    let names: Vec<_> =
        values.into_iter().flat_map(Value::items).filter_map(Value::str).map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
