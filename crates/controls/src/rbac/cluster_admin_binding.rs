//! Bindings to cluster-admin, or to a role that is as good.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access::{self, Access};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/cluster-admin-binding",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Subject is bound to cluster-admin",
    why: "The subject may do everything: one stolen laptop, token or session is the whole cluster. Only the group of \
          last resort needs that, and a person seldom.",
    fix: "Bind a role that lists what the subject does; keep cluster-admin for an emergency group whose use is \
          watched.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.1"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078.004"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let bindings = access::made_by_people(facts, report);
    let access = Access::new(facts);
    for binding in bindings {
        let grant = access.grant(binding);
        if !grant.is_everything {
            continue;
        }
        for subject in &binding.subjects {
            // Other rules speak of those: they are graver, or about the group itself.
            if access::is_anonymous(subject) || access::is_everyone(subject) || &*subject.name == "system:masters" {
                continue;
            }
            let message = format!(
                "`{subject}` may do everything {} through `{}`",
                access::scope(binding),
                access::role_name(binding)
            );
            let entry = report.finding(&binding.origin.subject, subject.evidence.clone(), subject.to_string(), message);
            let entry = match grant.role {
                Some(role) => entry.cause(&role.origin.subject),
                None => entry,
            };
            match binding.origin.namespace() {
                "" if &*subject.name == "kubeadm:cluster-admins" => entry.severity(Severity::Low),
                "" | "kube-system" => entry,
                _ => entry.severity(Severity::Medium),
            };
        }
    }
}
