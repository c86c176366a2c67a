//! The result of a run: fifteen controls with verdict, score and coverage, the findings, and what could not be seen.

use std::collections::BTreeMap;
use std::fmt;

use crate::baseline::NamespaceBaseline;
use crate::control::Control;
use crate::finding::Finding;
use crate::gap::Gap;
use crate::severity::Severity;
use crate::source::Diagnostic;
use crate::waiver::Waiver;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Pass,
    Fail,
    /// Nothing was found, and something could not be seen (or there was nothing to look at).
    Unknown,
}

impl Verdict {
    pub fn id(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub critical: u64,
    pub high: u64,
    pub medium: u64,
    pub low: u64,
    pub info: u64,
}

impl Counts {
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Critical => counts.critical += 1,
                Severity::High => counts.high += 1,
                Severity::Medium => counts.medium += 1,
                Severity::Low => counts.low += 1,
                Severity::Info => counts.info += 1,
            }
        }
        counts
    }

    pub fn get(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
        }
    }

    pub fn total(&self) -> u64 {
        self.critical + self.high + self.medium + self.low + self.info
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct ControlSummary {
    pub control: Control,
    pub verdict: Verdict,
    /// 0 to 100: the share of examined subjects without a finding, weighted by the rules' severities. None where nothing
    /// was examined.
    pub score: Option<u8>,
    /// 0 to 100: the share of the control's rules that could answer in full.
    pub coverage: u8,
    /// Subjects looked at, summed over the rules.
    pub examined: u64,
    pub counts: Counts,
}

/// What one rule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSummary {
    pub rule: &'static str,
    pub examined: u64,
    /// Subjects with at least one finding that no waiver excuses.
    pub failed: u64,
    pub gaps: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    pub finding: Finding,
    pub waiver: Waiver,
}

/// Sorted throughout: the same input gives the same value.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What was scanned, as the user named it.
    pub target: String,
    /// In the order of [`Control::ALL`].
    pub controls: Vec<ControlSummary>,
    pub rules: Vec<RuleSummary>,
    pub findings: Vec<Finding>,
    pub gaps: Vec<Gap>,
    pub waived: Vec<Waived>,
    pub diagnostics: Vec<Diagnostic>,
    /// Namespaces with workloads, by name, and how much of a namespace's baseline each has.
    pub namespaces: Vec<NamespaceBaseline>,
    /// Objects read, by `group/Kind`.
    pub kinds: BTreeMap<String, u64>,
}

impl Evaluation {
    pub fn objects(&self) -> u64 {
        self.kinds.values().sum()
    }

    pub fn control(&self, control: Control) -> Option<&ControlSummary> {
        self.controls.iter().find(|summary| summary.control == control)
    }

    /// The mean of the scores of all controls that have one, weighted equally.
    pub fn score(&self) -> Option<u8> {
        let scores: Vec<u64> = self.controls.iter().filter_map(|summary| summary.score).map(u64::from).collect();
        let count = scores.len() as u64;
        (count > 0).then(|| u8::try_from(scores.iter().sum::<u64>() / count).unwrap_or(100))
    }
}
