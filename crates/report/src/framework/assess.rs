//! The verdict of each requirement, from what its rules saw.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rampart_model::{Evaluation, Rule, Severity};

use super::{Framework, Requirement};
use crate::document::{AnswerEntry, FrameworkEntry, MappingEntry, Report, RequirementEntry, Standing};

/// What is known of each rule, by id: of one report, or of a whole fleet.
#[derive(Debug, Clone, Default)]
pub struct Seen<'a> {
    pub rules: BTreeMap<Cow<'a, str>, SeenRule<'a>>,
}

#[derive(Debug, Clone, Default)]
pub struct SeenRule<'a> {
    pub title: Cow<'a, str>,
    pub maps_to: Vec<MappingEntry<'a>>,
    /// Findings that count against the rule: open, and graver than a hint.
    pub open: u64,
    /// Findings that a waiver excuses.
    pub waived: u64,
    pub examined: u64,
    /// Whether something could not be seen.
    pub gap: bool,
}

impl SeenRule<'_> {
    fn standing(&self) -> Standing {
        match (self.open, self.gap, self.examined) {
            (1.., _, _) => Standing::Fail,
            (0, false, 1..) => Standing::Pass,
            _ => Standing::Unknown,
        }
    }
}

impl<'a> Seen<'a> {
    /// What a report says of its rules. To be asked before findings are left out of it.
    pub fn of(report: &'a Report<'a>) -> Self {
        let whole: BTreeSet<_> = report.gaps.iter().filter(|gap| gap.rule.is_empty()).map(|gap| gap.control).collect();
        let mut rules: BTreeMap<Cow<'a, str>, SeenRule<'a>> = BTreeMap::new();
        for (id, entry) in &report.rules {
            let seen = SeenRule {
                title: Cow::Borrowed(&*entry.title),
                maps_to: entry.maps_to.clone(),
                open: 0,
                waived: 0,
                examined: entry.examined,
                gap: entry.gaps > 0 || whole.contains(&entry.control),
            };
            rules.insert(Cow::Borrowed(&**id), seen);
        }
        for finding in report.findings.iter().filter(|finding| finding.severity > Severity::Info) {
            if let Some(rule) = rules.get_mut(&*finding.rule) {
                rule.open += 1;
            }
        }
        for waived in &report.waived {
            if let Some(rule) = rules.get_mut(&*waived.finding.rule) {
                rule.waived += 1;
            }
        }
        for gap in &report.gaps {
            if let Some(rule) = rules.get_mut(&*gap.rule) {
                rule.gap = true;
            }
        }
        Self { rules }
    }
}

impl Framework {
    /// The framework with a verdict for each requirement: fail where a rule fails, unknown where something could not be
    /// seen or nothing was there to be seen, and pass only else. Excused findings do not fail it, and are counted.
    pub fn assess<'a>(&'a self, seen: &Seen<'a>) -> FrameworkEntry<'a> {
        let items: Vec<_> = self.requirements.iter().map(|requirement| self.requirement(requirement, seen)).collect();
        let count = |standing: Standing| items.iter().filter(|item| item.verdict == standing).count() as u64;
        FrameworkEntry {
            id: Cow::Borrowed(&self.id),
            title: Cow::Borrowed(&self.title),
            version: Cow::Borrowed(&self.version),
            source: Cow::Borrowed(&self.source),
            requirements: items.len() as u64,
            pass: count(Standing::Pass),
            fail: count(Standing::Fail),
            unknown: count(Standing::Unknown),
            not_assessable: count(Standing::NotAssessable),
            items,
        }
    }

    fn requirement<'a>(&'a self, requirement: &'a Requirement, seen: &Seen<'a>) -> RequirementEntry<'a> {
        let asked = seen.rules.iter().filter(|(id, rule)| {
            let maps_to = rule.maps_to.iter().map(|mapping| (&*mapping.standard, &*mapping.id));
            requirement.asks(self.standard.as_deref(), id, maps_to)
        });
        let mut rules: Vec<AnswerEntry<'a>> = asked
            .map(|(id, rule)| AnswerEntry {
                id: id.clone(),
                title: rule.title.clone(),
                verdict: rule.standing(),
                open: rule.open,
                waived: rule.waived,
            })
            .collect();
        // A rule that is named and was not asked has seen nothing.
        for name in
            requirement.rules.iter().filter(|name| !name.ends_with('*') && !seen.rules.contains_key(name.as_str()))
        {
            rules.push(AnswerEntry {
                id: Cow::Borrowed(name),
                title: Cow::Borrowed(""),
                verdict: Standing::Unknown,
                open: 0,
                waived: 0,
            });
        }
        RequirementEntry {
            id: Cow::Borrowed(&requirement.id),
            title: Cow::Borrowed(&requirement.title),
            verdict: verdict(requirement, &rules, seen),
            rules,
            note: requirement.note.as_deref().map(Cow::Borrowed),
        }
    }
}

fn verdict(requirement: &Requirement, rules: &[AnswerEntry<'_>], seen: &Seen<'_>) -> Standing {
    let of = |rule: &AnswerEntry<'_>| seen.rules.get(&*rule.id);
    // A rule without anything to look at hides nothing, as long as another has looked at something.
    let hidden = |rule: &AnswerEntry<'_>| of(rule).is_none_or(|seen| seen.gap);
    let examined: u64 = rules.iter().filter_map(of).map(|seen| seen.examined).sum();
    if rules.iter().any(|rule| rule.verdict == Standing::Fail) {
        Standing::Fail
    } else if rules.is_empty() && requirement.rules.is_empty() {
        Standing::NotAssessable
    } else if examined == 0 || rules.iter().any(hidden) {
        Standing::Unknown
    } else {
        Standing::Pass
    }
}

/// Leaves in an evaluation only what speaks of a framework; verdicts and scores of controls stay those of the whole.
pub fn restrict(evaluation: &mut Evaluation, framework: &Framework, rules: &[&'static Rule]) {
    let asked: BTreeSet<&str> = rules.iter().filter(|rule| framework.includes(rule)).map(|rule| rule.id).collect();
    evaluation.findings.retain(|finding| asked.contains(finding.rule));
    evaluation.waived.retain(|waived| asked.contains(waived.finding.rule));
    evaluation.rules.retain(|summary| asked.contains(summary.rule));
    evaluation.gaps.retain(|gap| gap.rule.is_empty() || asked.contains(gap.rule));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framework() -> Framework {
        let requirement = |id: &str, rules: &[&str]| Requirement {
            id: id.into(),
            title: id.into(),
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            mapped: Vec::new(),
            note: None,
        };
        Framework {
            id: "t".into(),
            title: "T".into(),
            version: "1".into(),
            source: String::new(),
            standard: Some("S".into()),
            requirements: vec![
                requirement("named", &["a/one"]),
                requirement("pattern", &["a/*"]),
                requirement("by mapping", &[]),
                requirement("nobody", &[]),
                requirement("not asked", &["c/other"]),
            ],
        }
    }

    fn verdicts(rules: &[(&'static str, u64, u64, bool)]) -> Vec<Standing> {
        let rules = rules.iter().map(|(id, open, examined, gap)| {
            let maps_to = MappingEntry { standard: "S".into(), id: "by mapping".into() };
            let rule =
                SeenRule { open: *open, examined: *examined, gap: *gap, maps_to: vec![maps_to], ..SeenRule::default() };
            (Cow::Borrowed(*id), rule)
        });
        let seen = Seen { rules: rules.collect() };
        framework().assess(&seen).items.iter().map(|item| item.verdict).collect()
    }

    #[test]
    fn a_requirement_passes_only_where_all_was_seen() {
        use Standing::{Fail, NotAssessable, Pass, Unknown};
        assert_eq!(verdicts(&[("a/one", 0, 3, false)]), [Pass, Pass, Pass, NotAssessable, Unknown]);
        assert_eq!(verdicts(&[("a/one", 0, 3, true)]), [Unknown, Unknown, Unknown, NotAssessable, Unknown]);
        assert_eq!(verdicts(&[("a/one", 0, 0, false)]), [Unknown, Unknown, Unknown, NotAssessable, Unknown]);
        assert_eq!(verdicts(&[("a/one", 1, 3, true)]), [Fail, Fail, Fail, NotAssessable, Unknown]);
        assert_eq!(
            verdicts(&[("a/one", 0, 3, false), ("a/two", 0, 0, false)]),
            [Pass, Pass, Pass, NotAssessable, Unknown]
        );
        assert_eq!(
            verdicts(&[("a/one", 0, 3, false), ("a/two", 0, 1, true)]),
            [Pass, Unknown, Unknown, NotAssessable, Unknown]
        );
        assert_eq!(verdicts(&[]), [Unknown, Unknown, NotAssessable, NotAssessable, Unknown]);
    }

    #[test]
    fn a_gap_of_a_whole_control_leaves_its_rules_unknown() {
        let (mut evaluation, context) = (crate::sample::evaluation(), crate::sample::context());
        evaluation.findings.retain(|finding| finding.rule != "namespaces/no-quota");
        evaluation.gaps.push(rampart_model::Gap {
            control: rampart_model::Control::Namespaces,
            rule: "",
            reason: "listing is forbidden".into(),
            remedy: String::new(),
        });
        let report = Report::of(&evaluation, &context);
        let seen = Seen::of(&report);
        assert_eq!(seen.rules["namespaces/no-quota"].standing(), Standing::Unknown);
        assert_eq!(seen.rules["rbac/wildcard-verb"].standing(), Standing::Fail);
        assert_eq!(seen.rules["pod-security/privileged"].waived, 1);
    }
}
