//! From an evaluation to its document.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rampart_model::baseline::NamespaceBaseline;
use rampart_model::evaluation::{ControlSummary, Counts, RuleSummary, Waived};
use rampart_model::{Diagnostic, Evaluation, Finding, Gap, Remedy, Rule, Subject};

use serde::{Serialize, Serializer};

use super::{
    ControlEntry, CountsEntry, DiagnosticEntry, FindingEntry, GapEntry, LocationEntry, MappingEntry, NamespaceEntry,
    RemedyEntry, Report, RuleEntry, SCHEMA, SubjectEntry, Tool, WaivedEntry, WaiverEntry,
};
use crate::ReportContext;
use crate::tree::Tree;

impl<'a> Report<'a> {
    /// The document of an evaluation. Borrows nearly all of its text.
    pub fn of(evaluation: &'a Evaluation, context: &ReportContext<'a>) -> Self {
        Self::around(evaluation, context, evaluation.findings.iter().map(FindingEntry::of).collect())
    }
}

/// Findings that become entries one by one as they are written: a document of many is never held as a whole.
pub(crate) struct Streamed<'a>(pub &'a [Finding]);

impl Serialize for Streamed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(FindingEntry::of))
    }
}

impl<'a, F> Report<'a, F> {
    pub(crate) fn around(evaluation: &'a Evaluation, context: &ReportContext<'a>, findings: F) -> Self {
        let summaries: BTreeMap<&str, &RuleSummary> =
            evaluation.rules.iter().map(|summary| (summary.rule, summary)).collect();
        let asked = context.rules.iter().filter(|rule| summaries.contains_key(rule.id));
        Self {
            schema: Cow::Borrowed(SCHEMA),
            tool: Tool { name: Cow::Borrowed("rampart"), version: Cow::Borrowed(context.version) },
            generated: context.generated.map(Cow::Borrowed),
            target: Cow::Borrowed(&evaluation.target),
            score: evaluation.score(),
            objects: evaluation.objects(),
            kinds: evaluation.kinds.iter().map(|(kind, count)| (Cow::Borrowed(kind.as_str()), *count)).collect(),
            controls: evaluation.controls.iter().map(control).collect(),
            rules: asked
                .map(|rule| (Cow::Borrowed(rule.id), RuleEntry::of(rule, summaries.get(rule.id).copied())))
                .collect(),
            findings,
            gaps: evaluation.gaps.iter().map(gap).collect(),
            waived: evaluation.waived.iter().map(waived).collect(),
            diagnostics: evaluation.diagnostics.iter().map(diagnostic).collect(),
            namespaces: evaluation.namespaces.iter().map(namespace).collect(),
            frameworks: Vec::new(),
            trend: Vec::new(),
        }
    }
}

fn control(summary: &ControlSummary) -> ControlEntry {
    ControlEntry {
        id: summary.control,
        layer: summary.control.layer(),
        phase: summary.control.phase(),
        verdict: summary.verdict,
        score: summary.score,
        coverage: summary.coverage,
        examined: summary.examined,
        counts: counts(&summary.counts),
    }
}

fn counts(counts: &Counts) -> CountsEntry {
    let Counts { critical, high, medium, low, info } = *counts;
    CountsEntry { critical, high, medium, low, info }
}

impl RuleEntry<'static> {
    /// What a rule says, and what it did.
    pub fn of(rule: &Rule, summary: Option<&RuleSummary>) -> Self {
        let number = |of: fn(&RuleSummary) -> u64| summary.map_or(0, of);
        Self {
            control: rule.control,
            severity: rule.severity,
            title: Cow::Borrowed(rule.title),
            why: Cow::Borrowed(rule.why),
            fix: Cow::Borrowed(rule.fix),
            maps_to: rule
                .maps_to
                .iter()
                .map(|mapping| MappingEntry {
                    standard: Cow::Borrowed(mapping.0.title()),
                    id: Cow::Borrowed(mapping.1),
                })
                .collect(),
            examined: number(|summary| summary.examined),
            failed: number(|summary| summary.failed),
            gaps: number(|summary| summary.gaps),
        }
    }
}

impl<'a> FindingEntry<'a> {
    pub(crate) fn of(finding: &'a Finding) -> Self {
        let evidence = &finding.evidence;
        Self {
            fingerprint: Cow::Owned(finding.fingerprint()),
            rule: Cow::Borrowed(finding.rule),
            control: finding.control,
            severity: finding.severity,
            subject: SubjectEntry::of(&finding.subject),
            key: Cow::Borrowed(&finding.key),
            message: Cow::Borrowed(&finding.message),
            path: Cow::Owned(evidence.path.to_string()),
            location: evidence.location.as_ref().map(|location| LocationEntry {
                file: Cow::Borrowed(&location.file),
                line: location.line,
                column: location.column,
                end_line: location.end_line,
                end_column: location.end_column,
                document: evidence.document,
            }),
            value: evidence.value.as_deref().map(Cow::Borrowed),
            excerpt: evidence.excerpt.as_deref().map(Cow::Borrowed),
            due: finding.due,
            cause: finding.cause.as_deref().map(|cause| Box::new(SubjectEntry::of(cause))),
            remedies: finding.remedies.iter().map(remedy).collect(),
        }
    }
}

impl<'a> SubjectEntry<'a> {
    pub(crate) fn of(subject: &'a Subject) -> Self {
        Self {
            api_version: Cow::Borrowed(&subject.api_version),
            kind: Cow::Borrowed(&subject.kind),
            namespace: Cow::Borrowed(&subject.namespace),
            name: Cow::Borrowed(&subject.name),
        }
    }
}

fn remedy(remedy: &Remedy) -> RemedyEntry<'_> {
    // A rule's value is JSON; text that is not is shown as text rather than lost.
    let value = |json: &str| serde_json::from_str(json).unwrap_or_else(|_| Tree::Text(json.to_owned()));
    match remedy {
        Remedy::Set { path, json } => RemedyEntry::Set { path: path.to_string().into(), value: value(json) },
        Remedy::Remove { path } => RemedyEntry::Remove { path: path.to_string().into() },
        Remedy::Append { path, json } => RemedyEntry::Append { path: path.to_string().into(), value: value(json) },
        Remedy::Add { yaml } => RemedyEntry::Add { yaml: Cow::Borrowed(yaml) },
    }
}

fn gap(gap: &Gap) -> GapEntry<'_> {
    GapEntry {
        control: gap.control,
        rule: Cow::Borrowed(gap.rule),
        reason: Cow::Borrowed(&gap.reason),
        remedy: Cow::Borrowed(&gap.remedy),
    }
}

fn waived(waived: &Waived) -> WaivedEntry<'_> {
    let waiver = &waived.waiver;
    WaivedEntry {
        finding: FindingEntry::of(&waived.finding),
        waiver: WaiverEntry {
            rule: Cow::Borrowed(&waiver.rule),
            reason: Cow::Borrowed(&waiver.reason),
            owner: Cow::Borrowed(&waiver.owner),
            expires: waiver.expires.to_string().into(),
            origin: Cow::Borrowed(&waiver.origin),
        },
    }
}

fn diagnostic(diagnostic: &Diagnostic) -> DiagnosticEntry<'_> {
    DiagnosticEntry {
        source: Cow::Borrowed(&diagnostic.source),
        line: diagnostic.line,
        column: diagnostic.column,
        message: Cow::Borrowed(&diagnostic.message),
        lost: diagnostic.lost,
    }
}

fn namespace(measured: &NamespaceBaseline) -> NamespaceEntry<'_> {
    NamespaceEntry {
        name: Cow::Borrowed(&measured.namespace),
        score: measured.score(),
        complete: measured.is_complete(),
        parts: measured
            .parts
            .iter()
            .map(|(part, state)| (Cow::Borrowed(part.id()), Cow::Borrowed(state.id())))
            .collect(),
    }
}
