//! What an evaluation says of a cluster: the summary, and every finding by fingerprint.

use std::collections::BTreeMap;

use rampart_model::{Evaluation, Rule};
use rampart_report::document::{
    ControlEntry, DiagnosticEntry, FindingEntry, GapEntry, NamespaceEntry, Report, WaiverEntry,
};
use rampart_report::{Layout, ReportContext};
use serde::{Deserialize, Serialize};

use crate::digest::{Buckets, Digest};
use crate::record::Record;

/// All but the findings. Small: it travels whole whenever it changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The release that the cluster runs, such as `v1.36.3`; none for files.
    #[serde(default)]
    pub server_version: Option<String>,
    pub score: Option<u8>,
    pub objects: u64,
    pub kinds: BTreeMap<String, u64>,
    /// Fifteen, in the order of the checklist.
    pub controls: Vec<ControlEntry>,
    /// What each rule did, by id.
    pub rules: BTreeMap<String, Asked>,
    pub gaps: Vec<GapEntry<'static>>,
    pub diagnostics: Vec<DiagnosticEntry<'static>>,
    pub namespaces: Vec<NamespaceEntry<'static>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub examined: u64,
    pub failed: u64,
    pub gaps: u64,
}

impl Summary {
    /// Two summaries with one digest are the same to every reader.
    pub fn digest(&self) -> Digest {
        // Strings and numbers with string keys, which JSON can always write.
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// A whole evaluation, ready to be compared with an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub summary: Summary,
    /// By fingerprint. Two findings of one fingerprint become one: the graver, then the first in report order.
    pub records: BTreeMap<String, Record>,
}

impl State {
    pub fn of(evaluation: &Evaluation, rules: &[&'static Rule], server_version: Option<String>) -> Self {
        let context = ReportContext { version: "", generated: None, rules, layout: Layout::default() };
        let report = Report::of(evaluation, &context).into_owned();
        let asked = |entry: rampart_report::document::RuleEntry<'_>| Asked {
            examined: entry.examined,
            failed: entry.failed,
            gaps: entry.gaps,
        };
        let mut records = BTreeMap::new();
        let open = report.findings.into_iter().map(|finding| (finding, None));
        let waived = report.waived.into_iter().map(|entry| (entry.finding, Some(entry.waiver)));
        for (finding, waiver) in open.chain(waived) {
            insert(&mut records, finding, waiver);
        }
        Self {
            summary: Summary {
                server_version,
                score: report.score,
                objects: report.objects,
                kinds: report.kinds.into_iter().map(|(kind, count)| (kind.into_owned(), count)).collect(),
                controls: report.controls,
                rules: report.rules.into_iter().map(|(id, entry)| (id.into_owned(), asked(entry))).collect(),
                gaps: report.gaps,
                diagnostics: report.diagnostics,
                namespaces: report.namespaces,
            },
            records,
        }
    }

    pub fn buckets(&self) -> Buckets {
        let mut buckets = Buckets::new();
        for record in self.records.values() {
            let digest = buckets.entry(record.finding.rule.clone().into_owned()).or_insert(Digest::EMPTY);
            *digest = digest.toggle(record.digest());
        }
        buckets
    }
}

fn insert(
    records: &mut BTreeMap<String, Record>,
    finding: FindingEntry<'static>,
    waiver: Option<WaiverEntry<'static>>,
) {
    // The list comes gravest first, and what counts before what is excused: the first one stays.
    records.entry(finding.fingerprint.clone().into_owned()).or_insert(Record { finding, waiver });
}
