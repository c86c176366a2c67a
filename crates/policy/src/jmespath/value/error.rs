//! Why an expression has no value.

use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A map has no such key, where that is an error and nothing swallowed it.
    UnknownKey(Arc<str>),
    UnknownFunction(String),
    Arity {
        function: &'static str,
        expected: String,
        given: usize,
    },
    /// An argument (from 1) of a type that the function does not take.
    Type {
        function: &'static str,
        position: usize,
        expected: &'static str,
        found: &'static str,
    },
    /// A value that is of the right type, but makes no sense.
    Value(String),
    /// A function that cannot give a value for these arguments.
    Failed {
        function: &'static str,
        reason: String,
    },
    /// The run asks for more than its limits allow.
    Limit(&'static str),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKey(key) => write!(f, "Unknown key \"{key}\" in path"),
            Self::UnknownFunction(name) => write!(f, "there is no function `{name}`"),
            Self::Arity { function, expected, given } => {
                write!(f, "`{function}` takes {expected}, not {given}")
            }
            Self::Type { function, position, expected, found } => {
                write!(f, "argument {position} of `{function}` must be {expected}, not {found}")
            }
            Self::Value(message) => f.write_str(message),
            Self::Failed { function, reason } => write!(f, "`{function}` has no value: {reason}"),
            Self::Limit(what) => write!(f, "the expression asks for more {what} than are allowed"),
        }
    }
}

impl std::error::Error for Error {}
