//! Bindings to the group system:masters.

use rampart_model::facts::rbac::SubjectKind;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::rbac::access;

pub(crate) static RULE: Rule = Rule {
    id: "identity/masters-binding",
    control: Control::Identity,
    severity: Severity::Medium,
    title: "Binding uses the group system:masters",
    why: "Members of system:masters pass every authorization check without any binding, and their certificates cannot \
          be revoked: what leans on the group cannot be taken away from anybody.",
    fix: "Bind a group of the identity provider instead; issue no certificate for system:masters.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.7"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for binding in access::made_by_people(facts, report) {
        for subject in binding.subjects.iter().filter(|subject| subject.is(SubjectKind::Group, "system:masters")) {
            let message = format!(
                "`{}` is bound to system:masters, whose members may do everything anyway",
                access::role_name(binding)
            );
            report
                .finding(&binding.origin.subject, subject.evidence.clone(), subject.to_string(), message)
                .remedy(access::removal(subject));
        }
    }
}
