//! Audit rules that never decide, because an earlier rule takes all that they would match.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Remedy, Reporter, Rule, Severity, Standard, Value};

use super::policy::{PolicyRule, rules};

pub(crate) static RULE: Rule = Rule {
    id: "audit/shadowed-rule",
    control: Control::Audit,
    severity: Severity::Medium,
    title: "Audit rule never takes effect",
    why: "The first rule that matches decides. Whoever wrote this one believes that its events are logged at its level, \
          and they are not.",
    fix: "Move the narrower rule in front of the wider one, or remove it.",
    maps_to: &[Mapping(Standard::CisKubernetes, "3.2.2")],
    check: Check::Object { kinds: Kinds::Of(&["audit.k8s.io/Policy"]), run },
};

/// Every rule is held against all before it; real policies have a few dozen.
const RULES_COMPARED: usize = 500;

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let all: Vec<PolicyRule<'_>> = rules(policy).take(RULES_COMPARED).collect();
    for (position, rule) in all.iter().enumerate() {
        let earlier = all.iter().take(position).position(|earlier| earlier.covers(*rule));
        let Some(by) = earlier else { continue };
        let level = rule.value.text_at(&["level"]).unwrap_or("None");
        let message = format!("rule {position} (level {level}) never decides: rule {by} takes all that it matches");
        let evidence = rule.value.field("level").unwrap_or(rule.value);
        let entry = report.finding(&policy.subject(), evidence, format!("{level} {}", sketch(rule.value)), message);
        // A rule that repeats the level of the one before it can go without anyone noticing.
        if all.get(by).is_some_and(|earlier| earlier.level() == rule.level()) {
            let path = rule.value.path();
            entry.remedy(Remedy::Remove { path });
        }
    }
}

/// What the rule is about, as a key that survives the moving of rules.
fn sketch(rule: Value<'_>) -> String {
    let names = ["users", "userGroups", "verbs", "namespaces", "nonResourceURLs"].into_iter();
    let mut words: Vec<&str> =
        names.flat_map(|key| rule.field(key).into_iter().flat_map(Value::items)).filter_map(Value::str).collect();
    for entry in rule.field("resources").into_iter().flat_map(Value::items) {
        words.extend(entry.text_at(&["group"]));
        words.extend(entry.field("resources").into_iter().flat_map(Value::items).filter_map(Value::str));
    }
    words.join(" ")
}
