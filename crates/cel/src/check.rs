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
use crate::host::Form;
use crate::plan::Environment;
use signatures::{Signature, Table};

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
    /// Whether there are the mathematical, base64 and `regex.` functions, which the API server does not have.
    pub has_extensions: bool,
    functions: Table,
}

/// Arguments that a function of any number of them may be given.
const MOST_ARGUMENTS: usize = 8;

impl Default for Declarations {
    fn default() -> Self {
        Self {
            variables: Vec::new(),
            structs: Vec::new(),
            open_structs: Vec::new(),
            container: String::new(),
            homogeneous: true,
            kubernetes: KubernetesVersion::LATEST,
            has_extensions: true,
            functions: Table::new(),
        }
    }
}

impl Declarations {
    /// Variables with their types, and nothing else.
    pub fn new<N: Into<String>>(variables: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self { variables: variables.into_iter().map(|(name, of)| (name.into(), of)).collect(), ..Self::default() }
    }

    /// The declarations of an environment: its variables are `dyn`, and so is what its functions take and give.
    ///
    /// Types are told by setting them in `variables` afterwards.
    pub fn of(environment: &Environment) -> Self {
        let mut functions = Table::new();
        for function in &environment.functions {
            let counts = function.arguments.map_or(0..=MOST_ARGUMENTS, |count| count..=count);
            let is_method = function.form == Form::Method;
            functions.entry(function.name.to_owned()).or_default().extend(counts.map(|count| Signature {
                is_method,
                arguments: vec![Type::Dyn; count + usize::from(is_method)],
                result: Type::Dyn,
            }));
        }
        if environment.is_lenient {
            let any = Signature { is_method: true, arguments: vec![Type::Dyn, Type::Dyn], result: Type::Dyn };
            functions.entry("orValue".to_owned()).or_default().push(any);
        }
        let mut structs = Vec::new();
        let mut open_structs = Vec::new();
        for named in &environment.structs {
            match named.fields.filter(|_| !named.is_nested) {
                Some(fields) => {
                    let fields = fields.iter().map(|field| ((*field).to_owned(), Type::Dyn));
                    structs.push((named.name.to_owned(), Type::object(named.name, fields)));
                }
                None => open_structs.push(named.name.to_owned()),
            }
        }
        Self {
            variables: environment.variables.iter().map(|name| (name.clone(), Type::Dyn)).collect(),
            structs,
            open_structs,
            container: environment.container.clone(),
            homogeneous: true,
            kubernetes: environment.kubernetes,
            has_extensions: environment.has_extensions,
            functions,
        }
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
