//! Bindings, in one namespace, of ClusterRoles with wide powers.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access::{self, Access};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/wide-role-in-namespace",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role with wide powers is bound in a namespace",
    why: "The role was written for the whole cluster and gives all of it inside the namespace; in kube-system that is \
          the cluster itself, since the tokens of its controllers lie there.",
    fix: "Bind a Role that lists what is needed in this namespace.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078.004"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let bindings = access::made_by_people(facts, report);
    let access = Access::new(facts);
    for binding in bindings.into_iter().filter(|binding| binding.is_cluster_role) {
        let namespace = binding.origin.namespace();
        if namespace.is_empty() || binding.subjects.is_empty() {
            continue;
        }
        let grant = access.grant(binding);
        // `rbac/cluster-admin-binding` speaks of those, subject by subject.
        if grant.powers.is_empty() || grant.is_everything {
            continue;
        }
        let message =
            format!("`{}` is bound {}{}", access::role_name(binding), access::scope(binding), grant.explained());
        let key = binding.role.to_string();
        let entry = report.finding(&binding.origin.subject, binding.role_evidence.clone(), key, message);
        let entry = match grant.role {
            Some(role) => entry.cause(&role.origin.subject),
            None => entry,
        };
        if namespace != "kube-system" {
            entry.severity(Severity::Info);
        }
    }
}
