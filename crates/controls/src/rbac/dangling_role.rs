//! Bindings to roles that do not exist.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access::Access;

pub(crate) static RULE: Rule = Rule {
    id: "rbac/dangling-role",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Binding names a role that does not exist",
    why: "The binding gives nothing today; whoever creates a role of that name decides what its subjects may do, and \
          nobody will notice.",
    fix: "Remove the binding, or correct the name of the role.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1098.006"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let access = Access::new(facts);
    for (kind, bound) in [("ClusterRole", true), ("Role", false)] {
        let bindings = facts.rbac.bindings.iter().filter(|binding| binding.is_cluster_role == bound);
        if !report.sees(facts, &[kind, "RoleBinding", "ClusterRoleBinding"]) {
            continue;
        }
        for binding in bindings {
            report.examined(1);
            if access.role_exists(binding) {
                continue;
            }
            let place = match binding.origin.namespace() {
                namespace if !bound => format!(" in namespace `{namespace}`"),
                _ => String::new(),
            };
            let message = format!("{kind} `{}` does not exist{place}", binding.role);
            report.finding(&binding.origin.subject, binding.role_evidence.clone(), binding.role.to_string(), message);
        }
    }
}
