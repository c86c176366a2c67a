//! Stages left out so that shells in pods, or the outcome of requests, are not seen.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

use super::policy::{Match, Request, rules};

pub(crate) static RULE: Rule = Rule {
    id: "audit/stages-omitted",
    control: Control::Audit,
    severity: Severity::Medium,
    title: "Audit policy leaves out stages that matter",
    why: "A shell in a pod is a long request: it is reported when it starts (ResponseStarted) and again only when it \
          ends. Without that stage an open shell is invisible, and without ResponseComplete no request shows its outcome.",
    fix: "Leave out RequestReceived only.",
    maps_to: &[Mapping(Standard::CisKubernetes, "3.2.2"), Mapping(Standard::MitreAttack, "T1562.008")],
    check: Check::Object { kinds: Kinds::Of(&["audit.k8s.io/Policy"]), run },
};

const SHELLS: [Request; 2] = [
    Request { group: "", resource: "pods/exec", verb: "create" },
    Request { group: "", resource: "pods/attach", verb: "create" },
];

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    judge(policy, policy.value(), true, "the policy", report);
    for rule in rules(policy) {
        let meets_shells = SHELLS.into_iter().any(|shell| rule.meets(shell) != Match::No);
        judge(policy, rule.value, meets_shells, "a rule", report);
    }
}

fn judge(policy: &Object<'_>, holder: Value<'_>, meets_shells: bool, who: &str, report: &mut Reporter<'_>) {
    for stage in holder.field("omitStages").into_iter().flat_map(Value::items) {
        let lost = match stage.str() {
            Some("ResponseStarted") if meets_shells => "open shells in pods are not seen",
            Some("ResponseComplete") => "outcomes of requests are not seen",
            _ => continue,
        };
        let name = stage.str().unwrap_or_default();
        report
            .finding(&policy.subject(), stage, format!("{who} {name}"), format!("{who} omits {name}: {lost}"))
            .remove();
    }
}
