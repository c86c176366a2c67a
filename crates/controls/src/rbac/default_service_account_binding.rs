//! Bindings to service accounts named default.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access::{self, Access};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/default-service-account-binding",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role is bound to a default service account",
    why: "Every pod that names no service account runs as `default`: the role is held by all of them, also by those \
          that somebody adds later without a thought.",
    fix: "Give the workload that needs the role a service account of its own and bind that.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.5"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078.001"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let bindings = access::made_by_people(facts, report);
    let access = Access::new(facts);
    for binding in bindings {
        for subject in &binding.subjects {
            let Some((namespace, "default")) = subject.service_account() else { continue };
            let grant = access.grant(binding);
            let message = format!(
                "every pod of namespace `{namespace}` without a service account of its own holds `{}` {}{}",
                access::role_name(binding),
                access::scope(binding),
                grant.explained()
            );
            let entry = report.finding(&binding.origin.subject, subject.evidence.clone(), subject.to_string(), message);
            if grant.powers.is_empty() && !grant.is_everything {
                continue;
            }
            let entry = entry.severity(Severity::High);
            if let Some(role) = grant.role {
                entry.cause(&role.origin.subject);
            }
        }
    }
}
