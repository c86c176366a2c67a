//! What a reading gives beside the documents themselves.

use std::collections::BTreeMap;
use std::fmt;

use rampart_model::{Diagnostic, KubernetesVersion};

/// The account of a reading. Sorted throughout, whatever the threads did first.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Collected {
    /// Sources that could not be read in full, and doubts about those that could.
    pub diagnostics: Vec<Diagnostic>,
    /// Parts of the target that were not looked at, such as a chart that could not be rendered.
    pub missed: Vec<Missed>,
    /// Kinds that could not be listed, and why.
    pub unseen: BTreeMap<String, String>,
    /// What the cluster says of itself; none for files.
    pub server_version: Option<KubernetesVersion>,
    /// True where the objects came from a live cluster or a snapshot of one.
    pub is_cluster: bool,
    /// Files, streams or listed kinds that were read.
    pub sources: u64,
    /// Documents that are no Kubernetes objects, such as `package.json` or a chart's values.
    pub skipped: u64,
}

/// A part of the target that was not looked at: no error of the user's, and no reason to believe it is clean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missed {
    /// The folder or file that is meant.
    pub source: String,
    /// What was not looked at and why.
    pub reason: String,
    /// What to do or to run to have it looked at.
    pub remedy: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The request cannot be meant: no such file, no such context.
    Usage,
    /// The request is sound and the world does not answer it: a cluster that is down or turns the user away.
    Unavailable,
}

/// Why nothing at all was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub kind: RefusalKind,
    pub reason: String,
    pub remedy: String,
}

impl Refusal {
    pub(crate) fn usage(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Usage, reason: reason.into(), remedy: remedy.into() }
    }

    pub(crate) fn unavailable(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Unavailable, ..Self::usage(reason, remedy) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.reason, self.remedy)
    }
}

impl std::error::Error for Refusal {}
