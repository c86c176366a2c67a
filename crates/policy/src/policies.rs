//! Kyverno's CEL policies (`policies.kyverno.io`) and the environment that they share.

pub mod autogen;
mod exception;
mod generating;
mod images;
mod library;
mod mutating;
mod premise;
mod validating;

use rampart_cel::Environment;
use serde_json::Value as Tree;

use crate::expression::{COMMON, Refusal, Scope, mutation};

pub use exception::Exception;
pub use generating::GeneratingPolicy;
pub use mutating::MutatingPolicy;
pub use validating::ValidatingPolicy;

/// The group of the policies.
pub const GROUP: &str = "policies.kyverno.io";

/// The slot of `exceptions`.
pub const EXCEPTIONS: usize = COMMON.len();
/// The slot of `images`.
pub const IMAGES: usize = EXCEPTIONS + 1;
/// The slot of `attestors`; that of `attestations` follows.
const ATTESTORS: usize = IMAGES + 1;

/// The scope of a policy with its variables compiled.
///
/// # Errors
/// The first variable that is no expression.
pub fn scope(spec: &Tree) -> Result<Scope, Refusal> {
    let environment = Environment {
        functions: library::functions(),
        structs: mutation::TYPES.to_vec(),
        is_lenient: true,
        ..Environment::new(COMMON.iter().chain(&["exceptions", "images", "attestors", "attestations"]).copied())
    };
    Scope::new(environment, library::call).with_variables(spec)
}
