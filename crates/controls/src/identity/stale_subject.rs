//! Bindings to identities that are gone.

use std::collections::BTreeSet;

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::rbac::access::{self, Access};
use crate::rbac::places::{Place, Places};

pub(crate) static RULE: Rule = Rule {
    id: "identity/stale-subject",
    control: Control::Identity,
    severity: Severity::Low,
    title: "Binding names a service account of a namespace that is gone",
    why: "Whoever may create namespaces brings it back, with a service account of that name, and holds the role.",
    fix: "Remove the subject from the binding.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization"), Mapping(Standard::MitreAttack, "T1078")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Namespace", "RoleBinding", "ClusterRoleBinding"]) {
        return;
    }
    let places = Places::new(facts);
    let access = Access::new(facts);
    let mut people: BTreeSet<String> = BTreeSet::new();
    for binding in facts.rbac.bindings.iter().filter(|binding| !binding.is_bootstrap) {
        for subject in &binding.subjects {
            let Some((namespace, name)) = subject.service_account() else {
                if !subject.name.starts_with("system:") {
                    people.insert(subject.to_string());
                }
                continue;
            };
            match places.find(namespace) {
                Place::Seen => report.examined(1),
                Place::Elsewhere => {}
                Place::Gone => {
                    report.examined(1);
                    let grant = access.grant(binding);
                    let message = format!(
                        "there is no namespace `{namespace}` for service account `{name}`, which holds `{}`{}",
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
        }
    }
    if !people.is_empty() {
        report.gap(
            format!(
                "whether {} bound users and groups still exist is known to the identity provider alone",
                people.len()
            ),
            "compare the users and groups of all bindings with the identity provider",
        );
    }
}
