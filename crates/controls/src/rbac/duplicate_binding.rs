//! Bindings that give what another one gives already.

use std::collections::BTreeMap;

use rampart_model::facts::rbac::{Binding, SubjectKind};
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use super::access;

pub(crate) static RULE: Rule = Rule {
    id: "rbac/duplicate-binding",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Binding repeats another one",
    why: "When the right is taken away, one of the two is forgotten and the subject keeps it.",
    fix: "Remove the binding.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization")],
    check: Check::Cluster { run },
};

/// The role and who holds it.
type Content<'f> = (bool, &'f str, Vec<(SubjectKind, &'f str, &'f str)>);

fn content(binding: &Binding) -> Content<'_> {
    let mut subjects: Vec<_> = binding.subjects.iter().map(|subject| subject.identity()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    (binding.is_cluster_role, &binding.role, subjects)
}

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["RoleBinding", "ClusterRoleBinding"]) {
        return;
    }
    report.examined(facts.rbac.bindings.len());
    // Sorted by kind: bindings of the whole cluster come before those of namespaces.
    let mut first: BTreeMap<(&str, Content<'_>), &Binding> = BTreeMap::new();
    for binding in &facts.rbac.bindings {
        if binding.subjects.is_empty() {
            continue;
        }
        let namespace = binding.origin.namespace();
        let content = content(binding);
        let wider = first.get(&("", content.clone())).or_else(|| first.get(&(namespace, content.clone())));
        match wider {
            Some(other) if other.origin.subject != binding.origin.subject && !binding.is_bootstrap => {
                let message = format!(
                    "gives `{}` to the same subjects as `{}`",
                    access::role_name(binding),
                    other.origin.subject
                );
                report.finding(&binding.origin.subject, binding.origin.evidence.clone(), "", message);
            }
            Some(_) => {}
            None => {
                first.insert((namespace, content), binding);
            }
        }
    }
}
