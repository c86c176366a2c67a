//! Kyverno's classic policies: match and exclude, preconditions, variables, patterns, `deny`, and the rules made for pod
//! controllers. Rules of other sorts answer with an error that says so.

mod autogen;
pub mod cases;
mod cel;
pub mod conditions;
mod foreach;
mod matching;
mod mutate;
pub mod pattern;
mod policy;
pub mod variables;

pub use policy::Policy;
