//! Frameworks and the trend in the document: what an auditor asks of a report beside its findings.

use serde::{Deserialize, Serialize};

use super::Text;

/// A framework with the verdict of each requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkEntry<'a> {
    pub id: Text<'a>,
    pub title: Text<'a>,
    pub version: Text<'a>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub source: Text<'a>,
    pub requirements: u64,
    pub pass: u64,
    pub fail: u64,
    pub unknown: u64,
    pub not_assessable: u64,
    /// Empty where only the counts are wanted.
    #[serde(default)]
    pub items: Vec<RequirementEntry<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementEntry<'a> {
    pub id: Text<'a>,
    pub title: Text<'a>,
    pub verdict: Standing,
    pub rules: Vec<AnswerEntry<'a>>,
    /// What the answer leaves out, or why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<'a>>,
}

/// What one rule says to a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerEntry<'a> {
    pub id: Text<'a>,
    pub title: Text<'a>,
    pub verdict: Standing,
    pub open: u64,
    pub waived: u64,
}

/// A verdict, or that no rule could give one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Pass,
    Fail,
    Unknown,
    NotAssessable,
}

impl Standing {
    pub fn id(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotAssessable => "not_assessable",
        }
    }

    /// For people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::NotAssessable => "not assessable here",
            other => other.id(),
        }
    }
}

/// A day of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendEntry<'a> {
    /// `YYYY-MM-DD`.
    pub day: Text<'a>,
    pub score: Option<u8>,
    /// Open findings.
    pub open: u64,
}

impl FrameworkEntry<'_> {
    /// The counts alone.
    #[must_use]
    pub fn summary(self) -> Self {
        Self { items: Vec::new(), ..self }
    }
}
