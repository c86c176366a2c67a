//! Audit rules that write the contents of secrets and tokens into the log.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::policy::{Level, Match, PolicyRule, Request, rules};

pub(crate) static RULE: Rule = Rule {
    id: "audit/bodies-of-secrets",
    control: Control::Audit,
    severity: Severity::High,
    title: "Audit log holds the contents of secrets",
    why: "Whoever can read the log, its backups or the collector behind it reads every password and token that went \
          through the API, with none of the cluster's access rules in the way.",
    fix: "In front of the wider rule, add one with level Metadata for secrets, configmaps, serviceaccounts/token and \
          tokenreviews.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "3.2.2"),
        Mapping(Standard::NsaCisa, "Audit logging and threat detection"),
        Mapping(Standard::MitreAttack, "T1552"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["audit.k8s.io/Policy"]), run },
};

/// Resources whose bodies are secret, the verb that carries the body, and the lowest level that writes it.
const TARGETS: [(Request, Level); 6] = [
    (Request { group: "", resource: "secrets", verb: "create" }, Level::Request),
    (Request { group: "", resource: "secrets", verb: "update" }, Level::Request),
    (Request { group: "", resource: "secrets", verb: "get" }, Level::RequestResponse),
    // The token of a new service-account token stands in the answer.
    (Request { group: "", resource: "serviceaccounts/token", verb: "create" }, Level::RequestResponse),
    (Request { group: "authentication.k8s.io", resource: "tokenreviews", verb: "create" }, Level::Request),
    (Request { group: "", resource: "configmaps", verb: "update" }, Level::Request),
];

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let mut open = TARGETS.map(Some);
    for rule in rules(policy) {
        let mut leaked: Vec<&str> = Vec::new();
        for slot in &mut open {
            let Some((request, least)) = *slot else { continue };
            let met = rule.meets(request);
            if met != Match::No && rule.level() >= least && !leaked.contains(&request.resource) {
                leaked.push(request.resource);
            }
            if met == Match::Wholly {
                *slot = None;
            }
        }
        if leaked.is_empty() {
            continue;
        }
        let names: Vec<String> = leaked.iter().map(|name| format!("`{name}`")).collect();
        let level = rule.value.field("level").unwrap_or(rule.value);
        let message = format!("level {} writes the bodies of {} into the log", level.brief(), names.join(", "));
        let entry = report.finding(&policy.subject(), level, leaked.join(" "), message);
        let entry = match leaked.as_slice() {
            ["configmaps"] => entry.severity(Severity::Low),
            _ => entry,
        };
        if is_only_about(rule, &leaked) {
            entry.set("\"Metadata\"");
        }
    }
}

/// True where the rule names nothing but what leaks, so that its level can be lowered without losing anything else.
fn is_only_about(rule: PolicyRule<'_>, leaked: &[&str]) -> bool {
    let entries = || rule.value.field("resources").into_iter().flat_map(Value::items);
    entries().next().is_some()
        && entries().all(|entry| {
            let mut named = entry.field("resources").into_iter().flat_map(Value::items).peekable();
            named.peek().is_some() && named.all(|name| name.str().is_some_and(|name| leaked.contains(&name)))
        })
}
