//! The type checker: finds what cannot work before it runs, and says it as the API server does.
//!
//! Types are settled by unification: each call takes the signatures that its arguments fit, and what a signature leaves
//! open is settled by what surrounds it. What is `dyn` fits everywhere; then the run decides.

mod folds;
mod library;
mod names;
mod report;
mod schema;
mod signatures;
mod types;
mod unify;
mod walk;

use rampart_model::kubernetes_version::KubernetesVersion;

pub use report::{Issue, report};
pub use schema::of_schema;
pub use types::{ObjectType, Type};

use crate::ast::Expr;
use signatures::Table;

/// What an expression may name, and the types of that.
#[derive(Debug, Clone)]
pub struct Declarations {
    /// Names, perhaps dotted, with their types.
    pub variables: Vec<(String, Type)>,
    /// Types that struct literals make, by name.
    pub structs: Vec<(String, Type)>,
    /// Names of struct literals that take any fields; so do names that begin with one and a dot.
    pub open_structs: Vec<String>,
    /// A dotted namespace: `x` may stand for `container.x`.
    pub container: String,
    /// Whether the elements of a list, and the keys and values of a map, must be of one type. The API server demands it.
    pub homogeneous: bool,
    /// The release whose API server reads the expression.
    pub kubernetes: KubernetesVersion,
    functions: Table,
}

impl Default for Declarations {
    fn default() -> Self {
        Self {
            variables: Vec::new(),
            structs: Vec::new(),
            open_structs: Vec::new(),
            container: String::new(),
            homogeneous: true,
            kubernetes: KubernetesVersion::LATEST,
            functions: Table::new(),
        }
    }
}

impl Declarations {
    pub fn new<N: Into<String>>(variables: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self { variables: variables.into_iter().map(|(name, of)| (name.into(), of)).collect(), ..Self::default() }
    }

    /// Declares a function that is in no library here: `resource.Get(string, string) dyn`, or with a target
    /// `string :: reversed() string`. A capital letter is any one type.
    ///
    /// # Errors
    /// The text is no signature.
    pub fn declare(&mut self, signature: &str) -> Result<(), String> {
        signatures::declare(&mut self.functions, signature)
    }
}

/// What checking found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The type of the value; [`Type::Error`] or `dyn` where it is not known.
    pub result: Type,
    /// In the order in which they were found.
    pub issues: Vec<Issue>,
}

impl Checked {
    /// The complaint of the API server when a value is of none of the wanted types. What is `dyn` may be of any.
    pub fn must_be(&self, wanted: &[Type]) -> Option<String> {
        if self.result.is_open() || wanted.contains(&self.result) {
            return None;
        }
        match wanted {
            [one] => Some(format!("must evaluate to {one}")),
            several => {
                let names: Vec<String> = several.iter().map(Type::to_string).collect();
                Some(format!("must evaluate to one of [{}]", names.join(" ")))
            }
        }
    }
}

/// The type that a text names, such as `list(string)` or `net.IP`.
pub fn named(text: &str) -> Option<Type> {
    signatures::whole(text)
}

/// Checks an expression.
pub fn check(expr: &Expr, declarations: &Declarations) -> Checked {
    walk::Checker::new(declarations).check(expr)
}

#[cfg(test)]
mod tests;
