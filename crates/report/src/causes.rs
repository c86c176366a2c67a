//! What to change first: findings grouped by the one object whose edit removes them, and by the one kind of edit that
//! removes them from many objects.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use rampart_model::Severity;

use crate::document::{CountsEntry, FindingEntry, LocationEntry, Report, RuleEntry, SubjectEntry};

/// All findings that one object answers for.
#[derive(Debug)]
pub(crate) struct ObjectCause<'r> {
    pub subject: &'r SubjectEntry<'r>,
    /// Where the object's findings begin; none for live objects and where another object shows the symptom.
    pub location: Option<&'r LocationEntry<'r>>,
    pub rules: BTreeSet<&'r str>,
    pub counts: CountsEntry,
}

/// All findings of one rule.
#[derive(Debug)]
pub(crate) struct RuleCause<'r> {
    pub rule: &'r str,
    pub entry: Option<&'r RuleEntry<'r>>,
    pub objects: HashSet<&'r SubjectEntry<'r>>,
    pub counts: CountsEntry,
}

/// What a group of findings weighs together.
fn weight(counts: &CountsEntry) -> u64 {
    Severity::ALL.into_iter().map(|severity| severity.weight() * counts.get(severity)).sum()
}

/// Heaviest first; objects with a single finding are no group and stand in the list of findings anyway.
pub(crate) fn by_object<'r>(report: &'r Report<'r>) -> Vec<ObjectCause<'r>> {
    let mut groups: HashMap<&SubjectEntry<'_>, ObjectCause<'_>> = HashMap::new();
    for finding in &report.findings {
        let group = groups.entry(finding.root()).or_insert_with(|| ObjectCause {
            subject: finding.root(),
            location: None,
            rules: BTreeSet::new(),
            counts: CountsEntry::default(),
        });
        group.counts.add(finding.severity);
        group.rules.insert(&finding.rule);
        let own = finding.cause.is_none().then_some(finding.location.as_ref()).flatten();
        group.location = match (group.location, own) {
            (Some(old), Some(new)) if (&new.file, new.line) < (&old.file, old.line) => Some(new),
            (None, new) => new,
            (old, _) => old,
        };
    }
    let mut groups: Vec<_> =
        groups.into_values().filter(|group| group.counts.total() > 1 && weight(&group.counts) > 0).collect();
    groups.sort_by_cached_key(|group| (Reverse((weight(&group.counts), group.counts.total())), group.subject));
    groups
}

/// Heaviest first.
pub(crate) fn by_rule<'r>(report: &'r Report<'r>) -> Vec<RuleCause<'r>> {
    let mut groups: HashMap<&str, RuleCause<'_>> = HashMap::new();
    for finding in &report.findings {
        let group = groups.entry(&finding.rule).or_insert_with(|| RuleCause {
            rule: &finding.rule,
            entry: report.rules.get(&finding.rule),
            objects: HashSet::new(),
            counts: CountsEntry::default(),
        });
        group.counts.add(finding.severity);
        group.objects.insert(finding.root());
    }
    let mut groups: Vec<_> = groups.into_values().filter(|group| weight(&group.counts) > 0).collect();
    groups.sort_by_cached_key(|group| (Reverse((weight(&group.counts), group.counts.total())), group.rule));
    groups
}

/// The title of a finding's rule, or its id where the report does not describe the rule.
pub(crate) fn title<'r>(report: &'r Report<'_>, finding: &'r FindingEntry<'_>) -> &'r str {
    report.rules.get(&finding.rule).map_or(&*finding.rule, |entry| &*entry.title)
}
