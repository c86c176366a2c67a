//! Interpreters for policies that users own, in the languages that they wrote them in.
//!
//! Nothing here does input or output or reads a clock: an expression and the values it speaks of go in, a value or an
//! error comes out, within limits.

pub mod admission;
pub mod answer;
pub mod constraint;
pub mod expression;
pub mod gatekeeper;
pub mod jmespath;
pub mod kube_bench;
pub mod kyverno;
pub mod patch;
pub mod policies;
pub mod review;
pub mod wildcard;
pub mod world;

pub use answer::{Action, Answer, Status};
pub use review::{Operation, Review, User};
pub use world::{PodSecurity, Violation, World};
