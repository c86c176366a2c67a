//! What is wrong with waivers themselves. Their findings stand under the control whose rule they excuse.

use jiff::civil::Date;
use rampart_model::{Check, Control, Finding, Rule, Severity, Subject, Waiver};

use super::glob;

pub(crate) const RULES: &[&Rule] = &[&EXPIRED, &STALE];

static EXPIRED: Rule = Rule {
    id: "waivers/expired",
    control: Control::Audit,
    severity: Severity::Medium,
    title: "Waiver has expired",
    why: "An exception that outlives its day is a risk that nobody has accepted.",
    fix: "Put the finding right, or renew the waiver with a new reason and a new day.",
    maps_to: &[],
    check: Check::Waivers,
};

static STALE: Rule = Rule {
    id: "waivers/stale",
    control: Control::Audit,
    severity: Severity::Low,
    title: "Waiver excuses nothing",
    why: "An exception without a case silently excuses the next one that fits it.",
    fix: "Remove the waiver.",
    maps_to: &[],
    check: Check::Waivers,
};

pub(super) fn judge(waiver: &Waiver, used: bool, today: Date) -> Option<Finding> {
    let (rule, message) = match (used, waiver.expires < today) {
        (_, true) => {
            (&EXPIRED, format!("the waiver of `{}` by {} expired on {}", waiver.rule, waiver.owner, waiver.expires))
        }
        (false, false) => (&STALE, format!("the waiver of `{}` by {} excuses no finding", waiver.rule, waiver.owner)),
        (true, false) => return None,
    };
    let excused = crate::rules().into_iter().find(|rule| glob(&waiver.rule, rule.id));
    Some(Finding {
        rule: rule.id,
        control: excused.map_or(rule.control, |rule| rule.control),
        severity: rule.severity,
        subject: Subject {
            api_version: "".into(),
            kind: "Waiver".into(),
            namespace: "".into(),
            name: waiver.origin.as_str().into(),
        },
        key: waiver.rule.clone(),
        message,
        evidence: Box::default(),
        remedies: Vec::new(),
        cause: None,
        due: None,
    })
}
