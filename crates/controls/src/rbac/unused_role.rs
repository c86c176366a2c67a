//! Roles that nobody holds.

use std::collections::HashSet;

use rampart_model::facts::rbac::{Role, aggregation};
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access;

pub(crate) static RULE: Rule = Rule {
    id: "rbac/unused-role",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Role is bound nowhere",
    why: "Nobody reviews a role that nobody holds; it waits for a binding, and whoever may write bindings need not \
          ask for new rights.",
    fix: "Remove the role, or bind it to those it was written for.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"]) {
        return;
    }
    // A folder without any binding holds a part of something: who binds its roles stands elsewhere.
    if facts.rbac.roles.is_empty() {
        return;
    }
    if facts.rbac.bindings.is_empty() {
        return report.gap("no bindings were scanned", "scan the bindings together with the roles");
    }
    let roles = &facts.rbac.roles;
    let bound: HashSet<(&str, &str)> = facts
        .rbac
        .bindings
        .iter()
        .map(|binding| (if binding.is_cluster_role { "" } else { binding.origin.namespace() }, &*binding.role))
        .collect();
    let aggregated: HashSet<usize> = aggregation::resolve(roles).into_values().flatten().collect();
    report.examined(roles.len());
    for (position, role) in roles.iter().enumerate() {
        if !role.is_bootstrap
            && !bound.contains(&(role.origin.namespace(), role.origin.name()))
            && !aggregated.contains(&position)
            && access::widens(role).next().is_none()
            && !is_for_others(role)
        {
            let message = "no binding names this role";
            report.finding(&role.origin.subject, role.origin.evidence.clone(), "", message);
        }
    }
}

/// Roles of the system, and those for people that aggregate others: they are there to be bound.
fn is_for_others(role: &Role) -> bool {
    let is_cluster_role = role.origin.namespace().is_empty();
    is_cluster_role && (access::is_in_every_cluster(role.origin.name()) || role.aggregates.is_some())
}
