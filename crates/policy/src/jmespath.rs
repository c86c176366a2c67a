//! JMESPath over documents in place: as its specification has it, and as Kyverno speaks it.
//!
//! A text is parsed once ([`Expression::parse`]) and run any number of times over values that borrow from documents.
//! Errors are values. Steps, output and depth are bounded, so that an expression from an untrusted policy ends.
//!
//! Absent: `let` expressions, and Kyverno functions that are not pure (`random`, names that would have to be resolved).

mod ast;
mod eval;
mod functions;
mod kyverno;
mod lex;
mod parse;
pub mod value;

use jiff::Timestamp;

pub(crate) use kyverno::{Measure, measure, nanoseconds};
pub use value::{Error, List, Map, Text, Val};

/// Which language an expression is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The specification: a missing key is null.
    #[default]
    Standard,
    /// Kyverno's: a missing key is an error that many operators swallow, and there are some fifty functions more.
    Kyverno,
}

/// Why a text is no expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte of the text where the mistake is.
    pub offset: usize,
    pub message: String,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.offset)
    }
}

impl std::error::Error for SyntaxError {}

/// Bounds on what one run may ask of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps: nodes visited, elements produced, and a part of a step for each byte of text.
    pub steps: u64,
    /// Bytes that the result would take when it is written out, about.
    pub output: u64,
}

impl Limits {
    /// Far above what policies need; ends within a tenth of a second.
    pub const STANDARD: Limits = Limits { steps: 1_000_000, output: 8 << 20 };
}

/// What a run may know besides its value.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// What the clock shows, for functions such as `time_now_utc`; none where the caller has no clock.
    pub now: Option<Timestamp>,
    pub limits: Limits,
}

impl Default for Context {
    fn default() -> Self {
        Self { now: None, limits: Limits::STANDARD }
    }
}

/// A parsed expression; may be run any number of times, by several threads at once.
#[derive(Debug, Clone)]
pub struct Expression {
    node: ast::Node,
    mode: Mode,
    doubts: Vec<SyntaxError>,
}

impl Expression {
    /// # Errors
    /// The text is no expression of the language.
    pub fn parse(text: &str, mode: Mode) -> Result<Self, SyntaxError> {
        let (node, doubts) = parse::parse(text, mode)?;
        Ok(Self { node, mode, doubts })
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What is wrong however it is run, but only shows where it is reached: functions that do not exist, arguments too many.
    pub fn doubts(&self) -> &[SyntaxError] {
        &self.doubts
    }

    /// Runs over `root`, the value of `@`.
    ///
    /// # Errors
    /// The expression has no value here, or goes beyond the limits.
    pub fn run<'a>(&self, root: &Val<'a>, context: &Context) -> Result<Val<'a>, Error> {
        eval::run(&self.node, self.mode, root, context)
    }
}
