//! Audit policies that say nothing of what no rule matches: it is not logged.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Evidence, Mapping, Object, Place, Remedy, Reporter, Rule, Severity, Standard};

use super::policy::rules;

pub(crate) static RULE: Rule = Rule {
    id: "audit/catch-all-missing",
    control: Control::Audit,
    severity: Severity::Medium,
    title: "Audit policy has no rule for the rest",
    why: "What no rule matches is not logged: custom resources, new API groups and everything that the author did not \
          think of pass unseen.",
    fix: "End the policy with a rule of level Metadata and no conditions.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "3.2.2"),
        Mapping(Standard::NsaCisa, "Audit logging and threat detection"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["audit.k8s.io/Policy"]), run },
};

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    if rules(policy).any(|rule| rule.is_catch_all()) {
        return;
    }
    let place = match policy.value().field("rules") {
        Some(rules) => Place::At(rules),
        None => Place::Missing(policy.value(), "rules"),
    };
    let evidence = Evidence::from(place);
    let remedy = Remedy::Append { path: evidence.path.clone(), json: r#"{"level":"Metadata"}"#.to_owned() };
    report
        .finding(
            &policy.subject(),
            evidence,
            "rules",
            "no rule without conditions ends the policy: the rest is not logged",
        )
        .remedy(remedy);
}
