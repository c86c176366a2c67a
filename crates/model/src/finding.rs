//! One thing that is wrong, with what proves it.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::control::Control;
use crate::evidence::Evidence;
use crate::remedy::Remedy;
use crate::severity::Severity;
use crate::subject::Subject;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static str,
    pub control: Control,
    pub severity: Severity,
    pub subject: Subject,
    /// What tells this finding from others of the same rule and subject: a container's name, a verb, a port. Stable when
    /// lines move and lists are reordered.
    pub key: String,
    /// One sentence about this very case, without place and without time.
    pub message: String,
    pub evidence: Box<Evidence>,
    /// Changes that together remove the finding; empty where only a person can decide.
    pub remedies: Vec<Remedy>,
    /// The object whose change removes this finding, where that is not the subject itself.
    pub cause: Option<Box<Subject>>,
    /// The day on which it happens, or happened: a certificate ends, a release gets no more fixes.
    pub due: Option<Date>,
}

impl Finding {
    /// Identifies the finding over time: rule, subject and key, never message or place. 32 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let subject = &self.subject;
        // The API version is left out: an object stays itself when its manifest moves from v1beta1 to v1.
        for part in [self.rule, subject.group(), &subject.kind, &subject.namespace, &subject.name, &self.key] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let mut text = String::with_capacity(32);
        for byte in hash.finalize().iter().take(16) {
            text.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')));
        }
        text
    }

    /// The object to change.
    pub fn root(&self) -> &Subject {
        self.cause.as_deref().unwrap_or(&self.subject)
    }

    /// The order of every list of findings: gravest first, then by control, rule, subject and place.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |finding: &Self| (std::cmp::Reverse(finding.severity), finding.control, finding.rule);
        key(self)
            .cmp(&key(other))
            .then_with(|| self.subject.cmp(&other.subject))
            .then_with(|| self.key.cmp(&other.key))
            .then_with(|| self.evidence.cmp(&other.evidence))
            .then_with(|| self.message.cmp(&other.message))
    }
}
