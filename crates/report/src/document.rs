//! `rampart.report/v1`: the report as a document that others may rely on, and the one value that every format renders.
//!
//! The vocabulary is not serialisable on purpose; these twins are its wire form. They borrow from an evaluation when
//! written and own their text when read back. The JSON Schema in `docs/schema` describes them, and a test holds the two
//! together. A reader ignores fields that it does not know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rampart_model::baseline::{BaselinePart, PartState};
use rampart_model::evaluation::Verdict;
use rampart_model::{Control, Layer, Phase, Severity};
use serde::{Deserialize, Serialize};

use crate::tree::Tree;

mod build;
mod framework;
pub(crate) mod ids;
mod owned;

pub(crate) use build::Streamed;
pub use framework::{AnswerEntry, FrameworkEntry, RequirementEntry, Standing, TrendEntry};

/// The name and version of the document's form; a change that breaks readers gets a new one.
pub const SCHEMA: &str = "rampart.report/v1";

type Text<'a> = Cow<'a, str>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report<'a, F = Vec<FindingEntry<'a>>> {
    pub schema: Text<'a>,
    pub tool: Tool<'a>,
    /// RFC 3339; absent where the caller gave no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Text<'a>>,
    pub target: Text<'a>,
    /// 0 to 100 over all controls that have a score.
    pub score: Option<u8>,
    /// Objects read.
    pub objects: u64,
    pub kinds: BTreeMap<Text<'a>, u64>,
    /// Fifteen, in the order of the checklist.
    pub controls: Vec<ControlEntry>,
    /// What each rule that was asked says, by id; findings refer to it.
    pub rules: BTreeMap<Text<'a>, RuleEntry<'a>>,
    /// A list, or what is written as one.
    pub findings: F,
    pub gaps: Vec<GapEntry<'a>>,
    pub waived: Vec<WaivedEntry<'a>>,
    pub diagnostics: Vec<DiagnosticEntry<'a>>,
    /// Namespaces with workloads, and how much of a namespace's baseline each has.
    #[serde(default)]
    pub namespaces: Vec<NamespaceEntry<'a>>,
    /// Compliance frameworks that were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<FrameworkEntry<'a>>,
    /// Days before this report, oldest first, where somebody kept them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trend: Vec<TrendEntry<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlEntry {
    #[serde(with = "ids::control")]
    pub id: Control,
    #[serde(with = "ids::layer")]
    pub layer: Layer,
    #[serde(with = "ids::phase")]
    pub phase: Phase,
    #[serde(with = "ids::verdict")]
    pub verdict: Verdict,
    pub score: Option<u8>,
    pub coverage: u8,
    pub examined: u64,
    pub counts: CountsEntry,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CountsEntry {
    pub critical: u64,
    pub high: u64,
    pub medium: u64,
    pub low: u64,
    pub info: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleEntry<'a> {
    #[serde(with = "ids::control")]
    pub control: Control,
    #[serde(with = "ids::severity")]
    pub severity: Severity,
    pub title: Text<'a>,
    pub why: Text<'a>,
    pub fix: Text<'a>,
    pub maps_to: Vec<MappingEntry<'a>>,
    pub examined: u64,
    pub failed: u64,
    pub gaps: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingEntry<'a> {
    pub standard: Text<'a>,
    pub id: Text<'a>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingEntry<'a> {
    pub fingerprint: Text<'a>,
    pub rule: Text<'a>,
    #[serde(with = "ids::control")]
    pub control: Control,
    #[serde(with = "ids::severity")]
    pub severity: Severity,
    pub subject: SubjectEntry<'a>,
    pub key: Text<'a>,
    pub message: Text<'a>,
    /// The field; empty where the whole object is meant.
    pub path: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationEntry<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Text<'a>>,
    /// The object to change, where it is not the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Box<SubjectEntry<'a>>>,
    /// The day on which it happens, or happened: a certificate ends, a release gets no more fixes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<RemedyEntry<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectEntry<'a> {
    pub api_version: Text<'a>,
    pub kind: Text<'a>,
    /// Empty for cluster-scoped objects.
    pub namespace: Text<'a>,
    pub name: Text<'a>,
}

/// Lines and columns from 1, columns in characters; the end column is behind the last character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocationEntry<'a> {
    pub file: Text<'a>,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// The position, from 0, of the object's document in its file.
    #[serde(default)]
    pub document: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum RemedyEntry<'a> {
    Set { path: Text<'a>, value: Tree },
    Remove { path: Text<'a> },
    Append { path: Text<'a>, value: Tree },
    Add { yaml: Text<'a> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapEntry<'a> {
    #[serde(with = "ids::control")]
    pub control: Control,
    /// Empty where the whole control could not answer.
    pub rule: Text<'a>,
    pub reason: Text<'a>,
    pub remedy: Text<'a>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaivedEntry<'a> {
    #[serde(flatten)]
    pub finding: FindingEntry<'a>,
    pub waiver: WaiverEntry<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverEntry<'a> {
    pub rule: Text<'a>,
    pub reason: Text<'a>,
    pub owner: Text<'a>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub expires: Text<'a>,
    /// Where it is written.
    pub origin: Text<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticEntry<'a> {
    pub source: Text<'a>,
    /// 0 where the whole source is meant.
    pub line: u32,
    pub column: u32,
    pub message: Text<'a>,
    /// True where something was left out of the scan because of it.
    pub lost: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceEntry<'a> {
    pub name: Text<'a>,
    /// 0 to 100 over the parts that could be seen.
    pub score: Option<u8>,
    pub complete: bool,
    /// `met`, `missing` or `unknown`, by part.
    pub parts: BTreeMap<Text<'a>, Text<'a>>,
}

impl NamespaceEntry<'_> {
    /// The parts in a state, by their names for people, in the order of the checklist.
    pub(crate) fn titles(&self, state: PartState) -> Vec<&'static str> {
        let has = |part: &BaselinePart| self.parts.get(part.id()).is_some_and(|found| found == state.id());
        BaselinePart::ALL.into_iter().filter(has).map(BaselinePart::title).collect()
    }
}

impl Report<'static> {
    /// Reads a report back; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<String>,
        }
        let head: Head = serde_json::from_str(text).map_err(|error| format!("not a JSON report: {error}"))?;
        match head.schema.as_deref() {
            Some(SCHEMA) => serde_json::from_str(text).map_err(|error| format!("a broken `{SCHEMA}`: {error}")),
            Some(other) => Err(format!("a document of schema `{other}` where `{SCHEMA}` is needed")),
            None => Err(format!("no `schema` in it; a report says `{SCHEMA}`, as `--format json` writes it")),
        }
    }
}

impl Report<'_> {
    /// All but the findings.
    pub(crate) fn without_findings(&self) -> Report<'_> {
        let Self { schema, tool, generated, target, score, objects, kinds, controls, rules, .. } = self;
        Report {
            schema: schema.clone(),
            tool: tool.clone(),
            generated: generated.clone(),
            target: target.clone(),
            score: *score,
            objects: *objects,
            kinds: kinds.clone(),
            controls: controls.clone(),
            rules: rules.clone(),
            findings: Vec::new(),
            gaps: self.gaps.clone(),
            waived: self.waived.clone(),
            diagnostics: self.diagnostics.clone(),
            namespaces: self.namespaces.clone(),
            frameworks: self.frameworks.clone(),
            trend: self.trend.clone(),
        }
    }

    pub fn control(&self, control: Control) -> Option<&ControlEntry> {
        self.controls.iter().find(|entry| entry.id == control)
    }

    pub fn counts(&self) -> CountsEntry {
        let mut counts = CountsEntry::default();
        for finding in &self.findings {
            counts.add(finding.severity);
        }
        counts
    }
}

impl CountsEntry {
    pub fn get(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
        }
    }

    pub fn add(&mut self, severity: Severity) {
        *match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Info => &mut self.info,
        } += 1;
    }

    pub fn total(&self) -> u64 {
        Severity::ALL.into_iter().map(|severity| self.get(severity)).sum()
    }
}

impl GapEntry<'_> {
    /// What could not be seen, and what to do about it, in one sentence.
    pub(crate) fn sentence(&self) -> String {
        let reason = self.reason.trim_end_matches('.');
        if self.remedy.is_empty() { reason.to_owned() } else { format!("{reason}; {}", self.remedy) }
    }
}

impl FindingEntry<'_> {
    /// The object to change.
    pub fn root(&self) -> &SubjectEntry<'_> {
        self.cause.as_deref().unwrap_or(&self.subject)
    }
}

impl std::fmt::Display for SubjectEntry<'_> {
    /// `Kind/name` or `Kind/namespace/name`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kind)?;
        for part in [&self.namespace, &self.name] {
            if !part.is_empty() {
                write!(f, "/{part}")?;
            }
        }
        Ok(())
    }
}
