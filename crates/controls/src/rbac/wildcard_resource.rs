//! Roles whose rules cover every resource of an API group, also those that are installed later.

use rampart_model::facts::rbac::Clause;
use rampart_model::facts::rbac::policy_rule::List;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::power::{self, aggregated_into, items, list};
use super::powers::Powers;

pub(crate) static RULE: Rule = Rule {
    id: "rbac/wildcard-resource",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role covers every resource",
    why: "`*` includes Secrets, roles and every subresource such as pods/exec, now and after the next installation of an \
          operator; nobody can say what such a role gives.",
    fix: "List the resources that are used.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.3"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    if power::is_not_its_own(role) {
        return report.not_concerned();
    }
    let is_cluster_role = role.kind() == "ClusterRole";
    let mut keys: Vec<String> = Vec::new();
    for rule in power::rules(role) {
        let Some(resource) = items(rule, List::Resources).find(|resource| resource.str() == Some("*")) else {
            continue;
        };
        let groups: Vec<Value<'_>> = items(rule, List::ApiGroups).collect();
        let verbs: Vec<Value<'_>> = items(rule, List::Verbs).collect();
        let key = power::key(&groups);
        if groups.is_empty() || verbs.is_empty() || keys.contains(&key) {
            continue;
        }
        keys.push(key.clone());
        let powers = Powers::of(&rule, is_cluster_role);
        let is_everything = rule.has(List::Verbs, "*") && rule.has(List::ApiGroups, "*");
        let of = match key.as_str() {
            "" => "the core API group".to_owned(),
            _ if rule.has(List::ApiGroups, "*") => "every API group".to_owned(),
            _ => format!("API group {}", list(&groups).replace("``", "core")),
        };
        let what = match is_everything {
            true if is_cluster_role => ", as `cluster-admin` does".to_owned(),
            _ if powers.is_empty() => String::new(),
            _ => format!("; this includes the power to {powers}"),
        };
        let message = format!("allows {} on every resource of {of}{what}{}", list(&verbs), aggregated_into(role));
        let entry = report.finding(&role.subject(), resource, key, message);
        if is_everything && is_cluster_role {
            entry.severity(Severity::Critical);
        } else if powers.is_empty() || (power::is_confined(role) && !is_everything) {
            entry.severity(Severity::Medium);
        }
    }
}
