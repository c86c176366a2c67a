//! The CEL of policies: the names that an expression may use, variables that are worked out when they are named, budgets.
//!
//! A [`Scope`] is made once for a policy and holds its compiled variables; a [`Run`] is one review in it.

mod authorizer;
pub mod mutation;
mod request;
pub mod values;

use std::cell::{Cell, RefCell};

use rampart_cel::host::Purse;
use rampart_cel::value::Outcome;
use rampart_cel::{DEFAULT_COST, EXPRESSION_COST, Environment, Error, Host, HostFunction, Program, Val};
use serde_json::Value as Tree;

use crate::{Review, World};

pub use authorizer::{Access, FUNCTIONS as AUTHORIZER_FUNCTIONS};
pub use request::{namespace_object, namespace_value, request};

/// The names that every policy has, in the order of their slots.
pub const COMMON: [&str; 4] = ["object", "oldObject", "request", "namespaceObject"];

/// Why a part of a policy cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The field, from the policy's root: `spec.validations[0].expression`.
    pub field: String,
    pub message: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is no expression: {}", self.field, self.message)
    }
}

/// Answers the functions that an environment adds to the language.
pub type Library =
    for<'d, 'r, 'c> fn(&'c Run<'r, 'd>, &'c HostFunction, &'c [Val<'d>], &'c mut Purse<'_>) -> Outcome<'d>;

/// What the expressions of one policy may name.
pub struct Scope {
    environment: Environment,
    /// How many names are given from outside; variables follow.
    given: usize,
    variables: Vec<Program>,
    library: Library,
}

impl Scope {
    pub fn new(environment: Environment, library: Library) -> Self {
        Self { given: environment.variables.len(), environment, variables: Vec::new(), library }
    }

    /// Compiles `spec.variables`, each of which may name those before it.
    ///
    /// # Errors
    /// The first that is no expression.
    pub fn with_variables(mut self, spec: &Tree) -> Result<Self, Refusal> {
        for (position, variable) in items(spec, "variables").enumerate() {
            let name = text(variable, "name");
            let field = format!("spec.variables[{position}].expression");
            let program = self.compile(text(variable, "expression"), &field)?;
            self.environment.variables.push(format!("variables.{name}"));
            self.variables.push(program);
        }
        Ok(self)
    }

    /// # Errors
    /// The text is no expression of this scope.
    pub fn compile(&self, expression: &str, field: &str) -> Result<Program, Refusal> {
        Program::compile(expression.trim(), &self.environment)
            .map_err(|error| Refusal { field: field.to_owned(), message: error.to_string() })
    }

    /// The named expressions of a list in the spec: `matchConditions`, `auditAnnotations`.
    ///
    /// # Errors
    /// The first that is no expression.
    pub fn named(
        &self,
        spec: &Tree,
        list: &str,
        name: &str,
        expression: &str,
    ) -> Result<Vec<(String, Program)>, Refusal> {
        let compile = |(position, item): (usize, &Tree)| {
            let field = format!("spec.{list}[{position}].{expression}");
            Ok((text(item, name).to_owned(), self.compile(text(item, expression), &field)?))
        };
        items(spec, list).enumerate().map(compile).collect()
    }
}

/// One review, with the values of the names and what is left of the budget.
pub struct Run<'r, 'd> {
    scope: &'r Scope,
    pub review: &'r Review<'d>,
    pub world: &'r World<'d>,
    /// The namespace that the policy lives in and may not look beyond; empty for a policy of the cluster.
    pub confined_to: &'r str,
    given: Vec<Option<Val<'d>>>,
    worked_out: RefCell<Vec<Option<Outcome<'d>>>>,
    left: Cell<u64>,
    /// What `generator.Apply` was handed.
    pub generated: RefCell<Vec<Tree>>,
}

impl<'r, 'd> Run<'r, 'd> {
    /// `given` are the values of the environment's names; what is not given is null.
    pub fn new(scope: &'r Scope, review: &'r Review<'d>, world: &'r World<'d>, given: Vec<Val<'d>>) -> Self {
        let mut given: Vec<_> = given.into_iter().map(Some).collect();
        given.resize(scope.given, Some(Val::Null));
        Self {
            scope,
            review,
            world,
            confined_to: "",
            given,
            worked_out: RefCell::new(vec![None; scope.variables.len()]),
            left: Cell::new(DEFAULT_COST),
            generated: RefCell::default(),
        }
    }

    /// The values of the names that every policy has.
    pub fn common(review: &Review<'d>, world: &World<'d>) -> Vec<Val<'d>> {
        let value =
            |object: Option<rampart_model::Object<'d>>| object.map_or(Val::Null, |object| Val::of(object.value()));
        vec![value(review.object), value(review.old), request(review), namespace_value(review, world)]
    }

    #[must_use]
    pub fn confined_to(self, namespace: &'r str) -> Self {
        Self { confined_to: namespace, ..self }
    }

    /// Another value for a name, by its slot.
    pub fn give(&mut self, slot: usize, value: Val<'d>) {
        if let Some(old) = self.given.get_mut(slot) {
            *old = Some(value);
        }
    }

    /// Starts a new budget: match conditions have their own.
    pub fn allow(&self, budget: u64) {
        self.left.set(budget);
    }

    /// # Errors
    /// What the expression runs into; or the budget of the whole policy is used up.
    pub fn evaluate(&self, program: &Program) -> Outcome<'d> {
        self.evaluate_with(program, self.scope.variables.len())
    }

    /// Evaluates a program that was compiled when there were so many variables: what it binds has the slots behind them.
    fn evaluate_with(&self, program: &Program, variables: usize) -> Outcome<'d> {
        let left = self.left.get();
        let mut slots = self.given.clone();
        slots.resize(self.given.len() + variables, None);
        let run = program.run_with(slots, left.min(EXPRESSION_COST), Some(self));
        // Variables that were worked out on the way have paid for themselves.
        self.left.set(self.left.get().saturating_sub(run.cost));
        run.value
    }

    /// # Errors
    /// As [`Run::evaluate`], or the value is no boolean.
    pub fn truth(&self, program: &Program) -> Result<bool, Error> {
        match self.evaluate(program)? {
            Val::Bool(truth) => Ok(truth),
            other => Err(Error::Invalid(format!("the expression gives a {}, not a bool", other.type_name()))),
        }
    }
}

impl<'d> Host<'d> for Run<'_, 'd> {
    fn call(&self, function: &HostFunction, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
        (self.scope.library)(self, function, args, purse)
    }

    fn variable(&self, slot: usize) -> Option<Outcome<'d>> {
        let position = slot.checked_sub(self.scope.given)?;
        if let Some(Some(known)) = self.worked_out.borrow().get(position) {
            return Some(known.clone());
        }
        let outcome = self.evaluate_with(self.scope.variables.get(position)?, position);
        if let Some(place) = self.worked_out.borrow_mut().get_mut(position) {
            *place = Some(outcome.clone());
        }
        Some(outcome)
    }
}

/// The elements of a list of a policy's part.
pub(crate) fn items<'t>(tree: &'t Tree, key: &str) -> impl Iterator<Item = &'t Tree> + use<'t> {
    tree.get(key).and_then(Tree::as_array).into_iter().flatten()
}

/// A text of a policy's part; empty where it is missing.
pub(crate) fn text<'t>(tree: &'t Tree, key: &str) -> &'t str {
    tree.get(key).and_then(Tree::as_str).unwrap_or_default()
}
