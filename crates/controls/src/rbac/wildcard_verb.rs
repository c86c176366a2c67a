//! Roles whose rules allow every verb, also those that are invented later.

use rampart_model::facts::rbac::policy_rule::List;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::power::{self, aggregated_into, items, key, list};
use super::powers::Powers;

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
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    if power::is_not_its_own(role) {
        return report.not_concerned();
    }
    let mut keys: Vec<String> = Vec::new();
    for rule in power::rules(role) {
        let Some(verb) = items(rule, List::Verbs).find(|verb| verb.str() == Some("*")) else { continue };
        let resources: Vec<Value<'_>> =
            items(rule, List::Resources).chain(items(rule, List::NonResourceUrls)).collect();
        let key = key(&resources);
        if keys.contains(&key) {
            continue;
        }
        keys.push(key.clone());
        let message = format!("allows every verb on {}{}", list(&resources), aggregated_into(role));
        let entry = report.finding(&role.subject(), verb, key, message);
        // Every verb on an operator's own kinds is a habit; on the kinds of Kubernetes it gives powers.
        if power::is_confined(role) || Powers::of(&rule, role.kind() == "ClusterRole").is_empty() {
            entry.severity(Severity::Medium);
        }
    }
}
