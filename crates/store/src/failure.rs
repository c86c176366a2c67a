//! What can go wrong with a database, sorted by what somebody has to do about it. `/readyz` and the banner of the UI show it.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Locked or overloaded; the same call may succeed in a moment.
    Busy,
    /// No room left on the disk.
    Full,
    /// The server does not answer, or the file is no longer there.
    Gone,
    /// The row exists already, or changed under the caller's hands.
    Conflict,
    /// What is stored is damaged or not what this program writes.
    Corrupt,
    /// What was asked for does not exist.
    Missing,
    /// The caller may not do this.
    Denied,
    /// What the caller gave is not well formed.
    Invalid,
    Other,
}

impl Kind {
    pub fn id(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Full => "full",
            Self::Gone => "gone",
            Self::Conflict => "conflict",
            Self::Corrupt => "corrupt",
            Self::Missing => "missing",
            Self::Denied => "denied",
            Self::Invalid => "invalid",
            Self::Other => "other",
        }
    }

    /// True where the database as a whole is in trouble, not the one call.
    pub fn is_outage(self) -> bool {
        matches!(self, Self::Busy | Self::Full | Self::Gone | Self::Corrupt)
    }
}

/// The sentence says what to do; it never holds a password or a stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: Kind,
    message: String,
    field: Option<&'static str>,
    /// The transaction left no trace, so that it may be run again at once.
    pub(crate) retry: bool,
}

impl Failure {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), field: None, retry: false }
    }

    pub fn other(message: impl Into<String>) -> Self {
        Self::new(Kind::Other, message)
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, message)
    }

    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::new(Kind::Corrupt, message)
    }

    /// `what` is the thing that does not exist, such as ``cluster `shop` ``.
    pub fn missing(what: impl fmt::Display) -> Self {
        Self::new(Kind::Missing, format!("there is no {what}"))
    }

    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(Kind::Denied, message)
    }

    /// `field` is the name that the caller gave it in JSON.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(Kind::Invalid, message) }
    }

    /// Which field is not well formed.
    pub fn field(&self) -> Option<&'static str> {
        self.field
    }

    pub(crate) fn retriable(mut self) -> Self {
        self.retry = true;
        self
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
