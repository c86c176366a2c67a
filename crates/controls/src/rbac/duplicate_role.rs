//! Roles that allow exactly what another one allows.

use std::collections::HashMap;

use rampart_model::facts::rbac::{PolicyRule, Role};
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Name, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/duplicate-role",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Role repeats another one",
    why: "Two roles for one job drift apart: a right that is taken out of one stays in the other.",
    fix: "Bind one of them and remove the other.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization")],
    check: Check::Cluster { run },
};

/// The rules without what does not matter: the order of anything.
fn content(role: &Role) -> Vec<PolicyRule> {
    let sorted = |list: &[Name]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list.dedup();
        list.into_boxed_slice()
    };
    let mut rules: Vec<_> = role
        .rules
        .iter()
        .map(|rule| PolicyRule {
            verbs: sorted(&rule.verbs),
            api_groups: sorted(&rule.api_groups),
            resources: sorted(&rule.resources),
            resource_names: sorted(&rule.resource_names),
            non_resource_urls: sorted(&rule.non_resource_urls),
        })
        .collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Roles that others aggregate differ by their labels.
fn is_judged(role: &Role) -> bool {
    let is_part = role.labels.iter().any(|(key, _)| key.contains("aggregate-to-"));
    !role.is_bootstrap && !role.rules.is_empty() && role.aggregates.is_none() && !is_part
}

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Role", "ClusterRole"]) {
        return;
    }
    report.examined(facts.rbac.roles.len());
    let mut first: HashMap<(&str, Vec<PolicyRule>), &Role> = HashMap::new();
    for role in facts.rbac.roles.iter().filter(|role| is_judged(role)) {
        let other = *first.entry((role.origin.namespace(), content(role))).or_insert(role);
        if other.origin.subject != role.origin.subject {
            let message = format!("allows exactly what `{}` allows", other.origin.subject);
            report.finding(&role.origin.subject, role.origin.evidence.clone(), "", message);
        }
    }
}
