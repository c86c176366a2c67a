//! Policies of the API server itself: `ValidatingAdmissionPolicy`, `MutatingAdmissionPolicy` and their bindings.

mod binding;
mod mutating;
mod validating;
mod warnings;

use rampart_cel::host::Purse;
use rampart_cel::value::{Outcome, overload};
use rampart_cel::{Environment, Form, HostFunction, Val};
use rampart_model::KubernetesVersion;
use serde_json::Value as Tree;

use crate::expression::{AUTHORIZER_FUNCTIONS, COMMON, Run, Scope, mutation, text};

pub use binding::{Binding, Enforcement};
pub use mutating::MutationPolicy;
pub use validating::{AdmissionPolicy, Decision};
pub use warnings::{Checkable, Warning, warnings};

/// The group of the policies.
pub const GROUP: &str = "admissionregistration.k8s.io";

/// The slot of `params`.
pub(crate) const PARAMS: usize = COMMON.len();
/// The slot of `authorizer`.
const AUTHORIZER: usize = PARAMS + 1;
/// The slot of `authorizer.requestResource`.
const REQUESTED: usize = AUTHORIZER + 1;

/// `jsonpatch.escapeKey`, which makes a key a part of a path.
const ESCAPE_KEY: HostFunction =
    HostFunction { name: "jsonpatch.escapeKey", form: Form::Global, arguments: Some(1), id: 0 };

/// The scope of a policy, without variables yet, as a release of the API server has it.
pub(crate) fn scope(kubernetes: KubernetesVersion) -> Scope {
    let environment = Environment {
        functions: AUTHORIZER_FUNCTIONS.into_iter().chain([ESCAPE_KEY]).collect(),
        structs: mutation::TYPES.to_vec(),
        has_extensions: false,
        kubernetes,
        ..Environment::new(COMMON.iter().chain(&["params", "authorizer", "authorizer.requestResource"]).copied())
    };
    Scope::new(environment, call)
}

fn call<'d>(run: &Run<'_, 'd>, function: &HostFunction, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    match (function.id == ESCAPE_KEY.id, args) {
        (true, [Val::Str(key)]) => {
            purse.make(key.len().saturating_mul(2))?;
            Ok(Val::text(key.replace('~', "~0").replace('/', "~1")))
        }
        (true, _) => Err(overload(function.name, args)),
        (false, _) => run.authorize(function, args),
    }
}

/// apiVersion and kind of the parameters that a policy takes.
pub(crate) fn param_kind(spec: &Tree) -> Option<(String, String)> {
    spec.get("paramKind").map(|kind| (text(kind, "apiVersion").to_owned(), text(kind, "kind").to_owned()))
}
