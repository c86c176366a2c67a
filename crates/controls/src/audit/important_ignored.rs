//! Audit rules of level None that take away what an investigation needs.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard};

use super::policy::{Level, Request, deciding, rules};

pub(crate) static RULE: Rule = Rule {
    id: "audit/important-ignored",
    control: Control::Audit,
    severity: Severity::High,
    title: "Audit policy drops important events",
    why: "Shells in pods, reads of secrets, new tokens and changes of roles, workloads and webhooks are the steps of \
          every known attack on a cluster; with level None none of them leaves a trace.",
    fix: "Give these requests at least level Metadata in a rule in front of the one with level None.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "3.2.2"),
        Mapping(Standard::NsaCisa, "Audit logging and threat detection"),
        Mapping(Standard::MitreAttack, "T1562.008"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["audit.k8s.io/Policy"]), run },
};

const TARGETS: [Request; 11] = [
    Request { group: "", resource: "pods/exec", verb: "create" },
    Request { group: "", resource: "pods/attach", verb: "create" },
    Request { group: "", resource: "pods/portforward", verb: "create" },
    Request { group: "", resource: "nodes/proxy", verb: "create" },
    Request { group: "", resource: "secrets", verb: "get" },
    Request { group: "", resource: "serviceaccounts/token", verb: "create" },
    Request { group: "", resource: "pods", verb: "create" },
    Request { group: "apps", resource: "deployments", verb: "update" },
    Request { group: "rbac.authorization.k8s.io", resource: "clusterrolebindings", verb: "create" },
    Request { group: "rbac.authorization.k8s.io", resource: "roles", verb: "update" },
    Request { group: "admissionregistration.k8s.io", resource: "mutatingwebhookconfigurations", verb: "create" },
];

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let decided: Vec<(usize, Request)> =
        TARGETS.into_iter().filter_map(|target| Some((deciding(policy, target)?.0, target))).collect();
    for (position, rule) in rules(policy).enumerate().filter(|(_, rule)| rule.level() == Level::None) {
        let dropped: Vec<String> = decided
            .iter()
            .filter(|(by, _)| *by == position)
            .map(|(_, target)| format!("{} {}", target.verb, target.resource))
            .collect();
        if dropped.is_empty() {
            continue;
        }
        let message = format!("level None drops {}", dropped.join(", "));
        let level = rule.value.field("level").unwrap_or(rule.value);
        let entry = report.finding(&policy.subject(), level, dropped.join(" "), message);
        if rule.is_catch_all() {
            entry.set("\"Metadata\"");
        }
    }
}
