//! Bindings to single users instead of groups.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::rbac::access;

pub(crate) static RULE: Rule = Rule {
    id: "identity/user-binding",
    control: Control::Identity,
    severity: Severity::Low,
    title: "Role is bound to a single user",
    why: "Nobody takes the name out of each binding when the person changes team or leaves; groups are kept by the \
          identity provider, for all clusters at once.",
    fix: "Bind a group of the identity provider, and put the person into it.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization"), Mapping(Standard::MitreAttack, "T1078")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for binding in access::made_by_people(facts, report) {
        for subject in binding.subjects.iter().filter(|subject| access::is_person(subject)) {
            let message = format!(
                "user `{}` holds `{}` {} by name",
                subject.name,
                access::role_name(binding),
                access::scope(binding)
            );
            report.finding(&binding.origin.subject, subject.evidence.clone(), subject.to_string(), message);
        }
    }
}
