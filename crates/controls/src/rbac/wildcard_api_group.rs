//! Roles whose rules cover every API group, so that a resource of the same name in any of them is meant too.

use rampart_model::facts::rbac::policy_rule::List;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::power::{self, aggregated_into, items, list};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/wildcard-api-group",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Role covers every API group",
    why: "A later custom resource with the same name, in a group that nobody thought of, falls under the role as well; \
          and who reads the role cannot tell which resource was meant.",
    fix: "Name the API group of each resource; the core group is the empty string.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.3"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    if power::is_not_its_own(role) {
        return report.not_concerned();
    }
    let mut keys: Vec<String> = Vec::new();
    for rule in power::rules(role) {
        let Some(group) = items(rule, List::ApiGroups).find(|group| group.str() == Some("*")) else { continue };
        let resources: Vec<Value<'_>> = items(rule, List::Resources).collect();
        // Every resource of every group is a matter of `rbac/wildcard-resource`.
        let is_told_elsewhere = resources.iter().any(|resource| resource.str() == Some("*"));
        let verbs: Vec<Value<'_>> = items(rule, List::Verbs).collect();
        let key = power::key(&resources);
        if is_told_elsewhere || resources.is_empty() || verbs.is_empty() || keys.contains(&key) {
            continue;
        }
        keys.push(key.clone());
        let message =
            format!("allows {} on {} of every API group{}", list(&verbs), list(&resources), aggregated_into(role));
        report.finding(&role.subject(), group, key, message);
    }
}
