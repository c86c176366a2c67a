//! The Common Expression Language as Kubernetes speaks it.
//!
//! A text is parsed (macros expanded), planned (names to slots, functions to pointers, patterns compiled) and run over
//! values that borrow from documents: nothing is copied to bind an object. Errors are values; a limit bounds the steps,
//! and the memory for what is made is bounded too.
//!
//! The Kubernetes libraries are here, each from the release on that brought it; other functions come from an embedder
//! ([`host`]), among them the authorizer. A checker ([`check`]) finds what cannot work before it runs. Absent: protocol
//! buffer messages, which no Kubernetes object is.

pub mod ast;
pub mod check;
mod eval;
mod functions;
pub mod host;
mod lex;
mod literal;
mod macros;
mod meter;
pub mod named_format;
mod parse;
mod plan;
pub mod quantity;
mod references;
pub mod semver;
mod time;
pub mod url;
pub mod value;

pub use eval::{DEFAULT_COST, EXPRESSION_COST, MATCH_CONDITIONS_COST};
pub use host::{Form, Host, HostFunction, StructType};
pub use parse::{SyntaxError, parse};
pub use plan::{CompileError, Environment};
pub use references::{Reference, References, references};
pub use value::{Error, Val};

/// A compiled expression; may be run any number of times, by several threads at once.
#[derive(Debug, Clone)]
pub struct Program {
    plan: plan::Node,
}

/// The value of a run and what the API server would charge for it.
#[derive(Debug, Clone)]
pub struct Evaluated<'a> {
    pub value: Result<Val<'a>, Error>,
    pub cost: u64,
}

impl Program {
    /// Compiles a text for an environment.
    ///
    /// # Errors
    /// The text is no expression, or names something that is not there.
    pub fn compile(text: &str, environment: &Environment) -> Result<Self, CompileError> {
        let tree = parse(text).map_err(|SyntaxError { offset, message }| CompileError { offset, message })?;
        Ok(Self { plan: plan::plan(&tree, environment)? })
    }

    /// Runs with `variables` in the order of the environment's names; none where a variable has no value.
    pub fn run<'a>(&self, variables: Vec<Option<Val<'a>>>, limit: u64) -> Evaluated<'a> {
        self.run_with(variables, limit, None)
    }

    /// As [`Program::run`], with an embedder that answers for its functions and for variables that have no value yet.
    pub fn run_with<'a>(
        &self,
        variables: Vec<Option<Val<'a>>>,
        limit: u64,
        host: Option<&dyn Host<'a>>,
    ) -> Evaluated<'a> {
        let mut machine = eval::Machine::new(variables, limit, host);
        let value = machine.run(&self.plan);
        Evaluated { value, cost: machine.cost() }
    }
}

/// The examples of the crate's own page hold.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
