//! The vocabulary in the columns of the store and on the API: severities by rank, states by number, instants as texts.

use rampart_model::{Control, Severity, Verdict};
use serde::{Deserialize, Serialize, Serializer};

use crate::failure::Failure;
use crate::row::FromValue;
use crate::value::Value;

/// 0 is the gravest, so that rows sort by it.
pub(crate) fn rank(severity: Severity) -> i64 {
    match severity {
        Severity::Critical => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
        Severity::Info => 4,
    }
}

impl From<Severity> for Value<'_> {
    fn from(severity: Severity) -> Self {
        Self::Int(rank(severity))
    }
}

impl FromValue for Severity {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        let stored = i64::from_value(value)?;
        Self::ALL
            .into_iter()
            .find(|severity| rank(*severity) == stored)
            .ok_or_else(|| Failure::corrupt("a stored severity is none: restore the database from a backup"))
    }
}

impl FromValue for Control {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        let id = String::from_value(value)?;
        Self::from_id(&id)
            .ok_or_else(|| Failure::corrupt("a stored control is none of the fifteen: upgrade this program"))
    }
}

impl FromValue for Verdict {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        let id = String::from_value(value)?;
        [Self::Pass, Self::Fail, Self::Unknown]
            .into_iter()
            .find(|verdict| verdict.id() == id)
            .ok_or_else(|| Failure::corrupt("a stored verdict is none: restore the database from a backup"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Open,
    /// Still there, and excused.
    Waived,
    Resolved,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Open, Self::Waived, Self::Resolved];

    pub fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waived => "waived",
            Self::Resolved => "resolved",
        }
    }

    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::Waived => 1,
            Self::Resolved => 2,
        }
    }
}

impl std::str::FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.id() == text);
        known.ok_or_else(|| format!("unknown state `{}`: use open, waived or resolved", text.escape_debug()))
    }
}

impl From<State> for Value<'_> {
    fn from(state: State) -> Self {
        Self::Int(state.number())
    }
}

impl FromValue for State {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        let stored = i64::from_value(value)?;
        Self::ALL
            .into_iter()
            .find(|state| state.number() == stored)
            .ok_or_else(|| Failure::corrupt("a stored state is none: restore the database from a backup"))
    }
}

pub(crate) fn severity_id<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.id())
}

pub(crate) fn control_id<S: Serializer>(control: &Control, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(control.id())
}

pub(crate) fn verdict_id<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.id())
}
