//! Bindings to those who did not log in.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access::{self, Access};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/anonymous-binding",
    control: Control::Rbac,
    severity: Severity::Critical,
    title: "Role is given to anonymous requests",
    why: "Everybody who reaches the API server holds the role, without any credential; API servers on the internet \
          are found within hours.",
    fix: "Remove the subject; whoever needs the role can log in, a probe can use `/livez` and `/readyz`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.1"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1190"),
    ],
    check: Check::Cluster { run },
};

/// What Kubernetes itself gives to everybody: versions and health.
const PUBLIC: &str = "system:public-info-viewer";
/// How machines that join by a token find the cluster's certificate.
const KUBEADM_DISCOVERY: &str = "kubeadm:bootstrap-signer-clusterinfo";

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let bindings = access::made_by_people(facts, report);
    let access = Access::new(facts);
    for binding in bindings {
        for subject in binding.subjects.iter().filter(|subject| access::is_anonymous(subject)) {
            let grant = access.grant(binding);
            let message = format!(
                "`{subject}`, which is anybody, holds `{}` {}{}",
                access::role_name(binding),
                access::scope(binding),
                grant.explained()
            );
            let entry = report
                .finding(&binding.origin.subject, subject.evidence.clone(), subject.to_string(), message)
                .remedy(access::removal(subject));
            let entry = match grant.role.filter(|_| !grant.powers.is_empty()) {
                Some(role) => entry.cause(&role.origin.subject),
                None => entry,
            };
            match &*binding.role {
                KUBEADM_DISCOVERY if binding.origin.namespace() == "kube-public" => entry.severity(Severity::Info),
                PUBLIC => entry.severity(Severity::Low),
                _ if grant.powers.is_empty() && !grant.is_everything => entry.severity(Severity::High),
                _ => entry,
            };
        }
    }
}
