//! Policies of the API server itself: `ValidatingAdmissionPolicy` and its bindings, of every version.

mod binding;
mod validating;

use rampart_cel::host::Purse;
use rampart_cel::value::Outcome;
use rampart_cel::{Environment, HostFunction, Val};
use rampart_model::KubernetesVersion;

use crate::expression::{AUTHORIZER_FUNCTIONS, COMMON, Run, Scope};

pub use binding::{Binding, Enforcement};
pub use validating::{AdmissionPolicy, Decision};

/// The group of the policies.
pub const GROUP: &str = "admissionregistration.k8s.io";

/// The slot of `params`.
const PARAMS: usize = COMMON.len();
/// The slot of `authorizer`.
const AUTHORIZER: usize = PARAMS + 1;
/// The slot of `authorizer.requestResource`.
const REQUESTED: usize = AUTHORIZER + 1;

/// The scope of a policy, without variables yet, as a release of the API server has it.
fn scope(kubernetes: KubernetesVersion) -> Scope {
    let environment = Environment {
        functions: AUTHORIZER_FUNCTIONS.to_vec(),
        has_extensions: false,
        kubernetes,
        ..Environment::new(COMMON.iter().chain(&["params", "authorizer", "authorizer.requestResource"]).copied())
    };
    Scope::new(environment, call)
}

fn call<'d>(run: &Run<'_, 'd>, function: &HostFunction, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    run.authorize(function, args)
}
