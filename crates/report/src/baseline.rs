//! `rampart.baseline/v1`: the findings that a team knows of, so that only new ones fail a run. A small file for the
//! repository: sorted, a line's worth of change for each finding that comes or goes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rampart_model::{Evaluation, Finding};
use serde::{Deserialize, Serialize};

use crate::{Report, document, in_memory, json};

/// The name and version of the form.
pub const SCHEMA: &str = "rampart.baseline/v1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    pub schema: Cow<'static, str>,
    findings: Vec<Known>,
    #[serde(skip)]
    fingerprints: BTreeSet<String>,
}

/// Rule and subject are for the reader; the fingerprint alone decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Known {
    pub rule: String,
    /// As `Kind/namespace/name`.
    pub subject: String,
    pub fingerprint: String,
}

impl Baseline {
    /// All open findings of a run; waived ones have somebody who answers for them already.
    pub fn of(evaluation: &Evaluation) -> Self {
        Self::from_known(evaluation.findings.iter().map(|finding| Known {
            rule: finding.rule.to_owned(),
            subject: finding.subject.to_string(),
            fingerprint: finding.fingerprint(),
        }))
    }

    fn from_known(known: impl Iterator<Item = Known>) -> Self {
        let findings: BTreeSet<Known> = known.collect();
        let fingerprints = findings.iter().map(|known| known.fingerprint.clone()).collect();
        Self { schema: Cow::Borrowed(SCHEMA), findings: findings.into_iter().collect(), fingerprints }
    }

    /// Reads a baseline, or takes the open findings of a JSON report for one.
    pub fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<String>,
        }
        let head: Head = serde_json::from_str(text).map_err(|error| format!("not a JSON baseline: {error}"))?;
        match head.schema.as_deref() {
            Some(SCHEMA) => {
                let read: Self = serde_json::from_str(text).map_err(|error| format!("a broken `{SCHEMA}`: {error}"))?;
                Ok(Self::from_known(read.findings.into_iter()))
            }
            Some(document::SCHEMA) => {
                let report = Report::parse(text)?;
                Ok(Self::from_known(report.findings.iter().map(|finding| Known {
                    rule: finding.rule.to_string(),
                    subject: finding.subject.to_string(),
                    fingerprint: finding.fingerprint.to_string(),
                })))
            }
            Some(other) => Err(format!("a document of schema `{other}` where `{SCHEMA}` is needed")),
            None => Err(format!("no `schema` in it; a baseline says `{SCHEMA}`, as `--save-baseline` writes it")),
        }
    }

    pub fn to_json(&self) -> String {
        in_memory(|out| json::pretty(self, out))
    }

    pub fn findings(&self) -> &[Known] {
        &self.findings
    }

    pub fn knows(&self, finding: &Finding) -> bool {
        self.fingerprints.contains(&finding.fingerprint())
    }

    /// The findings that are new, and those that are known; each in the order given.
    pub fn split<'f>(&self, findings: &'f [Finding]) -> (Vec<&'f Finding>, Vec<&'f Finding>) {
        findings.iter().partition(|finding| !self.knows(finding))
    }
}
