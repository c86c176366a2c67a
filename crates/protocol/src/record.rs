//! A finding on its way: as a report writes it, with the waiver that excuses it.

use rampart_report::document::{FindingEntry, WaiverEntry};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    #[serde(flatten)]
    pub finding: FindingEntry<'static>,
    /// None where the finding counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverEntry<'static>>,
}

impl Record {
    /// Over everything that is shown of it: two records with one digest are the same to every reader.
    pub fn digest(&self) -> Digest {
        // A record is strings and numbers with string keys, which JSON can always write.
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }

    pub fn fingerprint(&self) -> &str {
        &self.finding.fingerprint
    }
}
