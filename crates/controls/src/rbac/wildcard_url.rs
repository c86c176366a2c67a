//! ClusterRoles that give every path of the API server.

use rampart_model::facts::rbac::policy_rule::List;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::power::{self, aggregated_into, items, list};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/wildcard-url",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Role covers every path of the API server",
    why: "Beside health and metrics the API server serves profiles of its memory, logs of the machine and whatever \
          extensions add: none of it is checked for anything but this rule.",
    fix: "List the paths that are used, such as `/metrics` and `/healthz`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.3"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    if power::is_not_its_own(role) || role.kind() != "ClusterRole" {
        return report.not_concerned();
    }
    for rule in power::rules(role) {
        let Some(url) = items(rule, List::NonResourceUrls).find(|url| matches!(url.str(), Some("*" | "/*"))) else {
            continue;
        };
        let verbs: Vec<Value<'_>> = items(rule, List::Verbs).collect();
        let message = format!("allows {} on every path of the API server{}", list(&verbs), aggregated_into(role));
        report.finding(&role.subject(), url, power::key(&verbs), message);
    }
}
