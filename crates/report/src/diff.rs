//! What changed between two reports: findings by fingerprint, so that moved lines and reworded messages change nothing.
//!
//! A finding that is gone is fixed only where its rule could still answer; where the rule has a gap that it did not have
//! before, the finding is no longer seen, which is something else.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use rampart_model::{Control, Verdict};
use serde::Serialize;

use crate::document::{ControlEntry, FindingEntry, Report, ids};
use crate::{Format, Layout, in_memory, json};

mod markdown;
mod terminal;

/// The name and version of the JSON form.
pub const SCHEMA: &str = "rampart.diff/v1";

/// What a difference can be written as.
pub const FORMATS: [Format; 3] = [Format::Terminal, Format::Json, Format::Markdown];

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diff<'r> {
    pub schema: &'static str,
    pub before: Side<'r>,
    pub after: Side<'r>,
    /// Controls whose verdict, score or coverage changed.
    pub controls: Vec<ControlChange>,
    pub new: Vec<&'r FindingEntry<'r>>,
    pub fixed: Vec<&'r FindingEntry<'r>>,
    /// Open before, waived now.
    pub waived: Vec<&'r FindingEntry<'r>>,
    /// Gone because the rule could no longer see all that it needs.
    pub unseen: Vec<&'r FindingEntry<'r>>,
    /// How many findings are in both.
    pub unchanged: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side<'r> {
    pub target: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<&'r str>,
    pub score: Option<u8>,
    pub findings: u64,
    pub gaps: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ControlChange {
    #[serde(with = "ids::control")]
    pub id: Control,
    pub before: State,
    pub after: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct State {
    #[serde(with = "ids::verdict")]
    pub verdict: Verdict,
    pub score: Option<u8>,
    pub coverage: u8,
}

impl<'r> Diff<'r> {
    pub fn of(before: &'r Report<'r>, after: &'r Report<'r>) -> Self {
        // Counted, since two objects of one name (in two files, say) share a fingerprint.
        let mut known = counted(&before.findings);
        let mut waived_now: BTreeSet<&str> = after.waived.iter().map(|entry| &*entry.finding.fingerprint).collect();
        let (same, new): (Vec<_>, Vec<_>) =
            after.findings.iter().partition(|finding| take(&mut known, &finding.fingerprint));
        let unchanged = same.len() as u64;
        let newly_blind = newly_blind(before, after);
        let (mut fixed, mut waived, mut unseen) = (Vec::new(), Vec::new(), Vec::new());
        for finding in before.findings.iter().filter(|finding| take(&mut known, &finding.fingerprint)) {
            if waived_now.remove(&*finding.fingerprint) {
                waived.push(finding);
            } else if newly_blind(finding) {
                unseen.push(finding);
            } else {
                fixed.push(finding);
            }
        }
        Self {
            schema: SCHEMA,
            before: side(before),
            after: side(after),
            controls: after.controls.iter().filter_map(|entry| change(before.control(entry.id)?, entry)).collect(),
            new,
            fixed,
            waived,
            unseen,
            unchanged,
        }
    }

    /// Writes it in one of [`FORMATS`].
    pub fn write(&self, format: Format, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Terminal => terminal::write(self, layout, out),
            Format::Json => json::pretty(self, out),
            Format::Markdown => markdown::write(self, layout, out),
            other => {
                let message = format!("a difference cannot be written as `{other}`: use terminal, json or markdown");
                Err(io::Error::new(io::ErrorKind::InvalidInput, message))
            }
        }
    }

    pub fn render(&self, format: Format, layout: &Layout) -> String {
        in_memory(|out| self.write(format, layout, out))
    }
}

fn side<'r>(report: &'r Report<'r>) -> Side<'r> {
    Side {
        target: &report.target,
        generated: report.generated.as_deref(),
        score: report.score,
        findings: report.findings.len() as u64,
        gaps: report.gaps.len() as u64,
    }
}

fn change(before: &ControlEntry, after: &ControlEntry) -> Option<ControlChange> {
    let state = |entry: &ControlEntry| State { verdict: entry.verdict, score: entry.score, coverage: entry.coverage };
    let (before, after) = (state(before), ControlChange { id: after.id, before: state(before), after: state(after) });
    (before != after.after).then_some(after)
}

fn counted<'r>(findings: &'r [FindingEntry<'r>]) -> BTreeMap<&'r str, u64> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(&*finding.fingerprint).or_default() += 1;
    }
    counts
}

/// True, and one fewer, where some are left.
fn take(counts: &mut BTreeMap<&str, u64>, fingerprint: &str) -> bool {
    match counts.get_mut(fingerprint) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// Whether a finding's rule, or its whole control, has a gap now that it did not have before.
fn newly_blind<'r>(before: &'r Report<'r>, after: &'r Report<'r>) -> impl Fn(&FindingEntry<'_>) -> bool {
    let gaps = |report: &'r Report<'r>| -> BTreeSet<(Control, Cow<'r, str>, Cow<'r, str>)> {
        report.gaps.iter().map(|gap| (gap.control, gap.rule.clone(), gap.reason.clone())).collect()
    };
    let old = gaps(before);
    let new: Vec<_> = gaps(after).into_iter().filter(|gap| !old.contains(gap)).collect();
    move |finding| {
        new.iter().any(|(control, rule, _)| *control == finding.control && (rule.is_empty() || *rule == finding.rule))
    }
}
