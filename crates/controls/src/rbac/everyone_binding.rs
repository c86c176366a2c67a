//! Bindings to everybody who has any credential.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access::{self, Access};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/everyone-binding",
    control: Control::Rbac,
    severity: Severity::Medium,
    title: "Role is given to everyone in the cluster",
    why: "The group holds every user and every service account, of tenants, of build jobs and of the least trusted \
          pod: whatever it may do, an attacker may with the first token that he finds.",
    fix: "Bind the role to the group of people, or to the service accounts, that need it.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.1"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078.004"),
    ],
    check: Check::Cluster { run },
};

/// What Kubernetes itself gives to everyone with a credential.
const PUBLIC: [&str; 4] =
    ["system:basic-user", "system:discovery", "system:public-info-viewer", "system:service-account-issuer-discovery"];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let bindings = access::made_by_people(facts, report);
    let access = Access::new(facts);
    for binding in bindings.into_iter().filter(|binding| !PUBLIC.contains(&&*binding.role)) {
        for subject in binding.subjects.iter().filter(|subject| access::is_everyone(subject)) {
            let grant = access.grant(binding);
            let message = format!(
                "everyone in `{}` holds `{}` {}{}",
                subject.name,
                access::role_name(binding),
                access::scope(binding),
                grant.explained()
            );
            let entry = report
                .finding(&binding.origin.subject, subject.evidence.clone(), subject.to_string(), message)
                .remedy(access::removal(subject));
            let is_one_namespace = subject.name.starts_with("system:serviceaccounts:");
            let is_harmless = grant.powers.is_empty() && !grant.is_everything;
            let is_cluster_wide = binding.origin.namespace().is_empty();
            let severity = match (is_harmless, is_one_namespace) {
                (true, true) => Severity::Low,
                (true, false) => Severity::Medium,
                (false, _) if is_cluster_wide && (grant.is_everything || !is_one_namespace) => Severity::Critical,
                (false, _) => Severity::High,
            };
            let entry = entry.severity(severity);
            if let Some(role) = grant.role.filter(|_| !grant.powers.is_empty()) {
                entry.cause(&role.origin.subject);
            }
        }
    }
}
