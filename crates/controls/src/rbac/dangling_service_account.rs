//! Bindings to service accounts that do not exist.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access::{self, Access};
use super::places::{Place, Places};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/dangling-service-account",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Binding names a service account that does not exist",
    why: "Whoever may create service accounts in that namespace creates this one and holds the role, without any \
          right to write bindings.",
    fix: "Remove the subject, or correct its name or namespace.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1098.006"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["RoleBinding", "ClusterRoleBinding", "ServiceAccount", "Namespace"]) {
        return;
    }
    let places = Places::new(facts);
    let access = Access::new(facts);
    let mut elsewhere = 0_u64;
    for binding in facts.rbac.bindings.iter().filter(|binding| !binding.is_bootstrap) {
        for subject in &binding.subjects {
            let Some((namespace, name)) = subject.service_account() else { continue };
            // Every namespace has `default`; what lies in a namespace that is gone is a matter of identities.
            if name == "default" || facts.namespaces.service_account(namespace, name).is_some() {
                report.examined(1);
                continue;
            }
            match places.find(namespace) {
                Place::Seen => report.examined(1),
                Place::Gone => continue,
                Place::Elsewhere => {
                    elsewhere += 1;
                    continue;
                }
            }
            let grant = access.grant(binding);
            let message = format!(
                "no service account `{name}` in namespace `{namespace}`; it would hold `{}`{}",
                access::role_name(binding),
                grant.explained()
            );
            let entry = report
                .finding(&binding.origin.subject, subject.evidence.clone(), subject.to_string(), message)
                .remedy(access::removal(subject));
            if !grant.powers.is_empty() {
                entry.severity(Severity::Medium);
            }
        }
    }
    if elsewhere > 0 {
        report.gap(
            format!("{elsewhere} bound service accounts are in namespaces that were not scanned"),
            "scan the cluster, or the manifests of those namespaces too",
        );
    }
}
