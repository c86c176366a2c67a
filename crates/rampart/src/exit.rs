//! Exit codes: the one place that decides them.

use std::process::ExitCode;

/// How a run ended, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Pass,
    /// A gate that the user set did not hold, or there are findings where the command's contract says so.
    Gate,
    /// The request cannot be meant, or its input was refused.
    Usage,
    /// Something outside failed: a cluster that does not answer, a file that cannot be written.
    Error,
    /// With `--strict`: something could not be checked.
    Incomplete,
    /// There was nothing to scan.
    Nothing,
}

impl Exit {
    pub fn number(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Gate => 1,
            Self::Usage => 2,
            Self::Error => 3,
            Self::Incomplete => 4,
            Self::Nothing => 5,
        }
    }

    pub fn code(self) -> ExitCode {
        ExitCode::from(self.number())
    }
}

/// A run that could not be done at all.
#[derive(Debug)]
pub struct Refused {
    pub exit: Exit,
    /// What was refused, why, and what to do.
    pub message: String,
}

impl Refused {
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    pub fn error(message: impl Into<String>) -> Self {
        Self { exit: Exit::Error, message: message.into() }
    }
}

impl From<rampart_collect::Refusal> for Refused {
    fn from(refusal: rampart_collect::Refusal) -> Self {
        let exit = match refusal.kind {
            rampart_collect::RefusalKind::Usage => Exit::Usage,
            rampart_collect::RefusalKind::Unavailable => Exit::Error,
        };
        Self { exit, message: refusal.to_string() }
    }
}
