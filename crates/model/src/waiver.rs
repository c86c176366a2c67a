//! Exceptions: a rule and a subject that somebody answers for, until a day.

use jiff::civil::Date;

/// What a person decided to accept. An excused finding keeps its true verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// A rule id, or a prefix ending in `*`.
    pub rule: String,
    pub subject: SubjectSelector,
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// Where it is written: a file and line, or an annotation.
    pub origin: String,
}

/// Globs (`*`, `?`) over the subject's names; an absent part matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectSelector {
    pub kind: Option<String>,
    pub namespace: Option<String>,
    pub name: Option<String>,
    /// The finding's key, such as a container name.
    pub key: Option<String>,
}
