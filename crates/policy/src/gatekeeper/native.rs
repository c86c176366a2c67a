//! CEL of a template, with the names that Gatekeeper gives: `variables.params` and `variables.anyObject`.

use std::cell::RefCell;

use rampart_cel::host::{Host, HostFunction, Purse};
use rampart_cel::{DEFAULT_COST, Environment, Error, Program, Val};
use rampart_model::Value;
use serde_json::Value as Tree;

/// Names of the environment that are given; behind them come the template's variables.
const GIVEN: [&str; 5] = ["object", "oldObject", "request", "params", "namespaceObject"];
/// Both of Gatekeeper's own, in CEL. Its driver has null for absent parameters, of which `has` is false there and an
/// error here; an empty map answers alike.
const OWN: [(&str, &str); 2] = [
    (
        "params",
        "has(params.spec) && has(params.spec.parameters) && params.spec.parameters != null ? params.spec.parameters : {}",
    ),
    ("anyObject", r#"has(request.operation) && request.operation == "DELETE" && object == null ? oldObject : object"#),
];

/// A compiled template.
pub struct Native {
    variables: Vec<Expression>,
    conditions: Vec<Expression>,
    validations: Vec<Validation>,
    ignores_errors: bool,
}

/// A program, and how many names its environment has: what macros bind lies behind them.
struct Expression {
    program: Program,
    names: usize,
}

struct Validation {
    expression: Expression,
    text: String,
    message: Option<String>,
    message_expression: Option<Expression>,
}

/// What a run speaks of.
#[derive(Clone, Copy)]
pub struct Given<'d> {
    pub object: Option<Value<'d>>,
    pub old: Option<Value<'d>>,
    pub request: Value<'d>,
    pub constraint: Value<'d>,
    pub namespace: Option<Value<'d>>,
}

impl Native {
    /// Reads and compiles the `source` of a K8sNativeValidation engine.
    ///
    /// # Errors
    /// An expression does not compile, or the source has not what it must.
    pub fn compile(source: &Tree) -> Result<Self, String> {
        let mut environment = Environment::new(GIVEN);
        environment.has_extensions = false;
        let mut variables = Vec::new();
        let own = OWN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let given = items(source, "variables").map(|variable| (text(variable, "name"), text(variable, "expression")));
        for (name, expression) in own.chain(given) {
            variables.push(program(&expression, &environment)?);
            environment.variables.push(format!("variables.{name}"));
        }
        let conditions = items(source, "matchConditions")
            .map(|condition| program(&text(condition, "expression"), &environment))
            .collect::<Result<_, _>>()?;
        let validations = items(source, "validations")
            .map(|validation| {
                let expression = text(validation, "expression");
                let message_expression = text(validation, "messageExpression");
                Ok(Validation {
                    expression: program(&expression, &environment)?,
                    text: expression,
                    message: Some(text(validation, "message")).filter(|message| !message.is_empty()),
                    message_expression: match message_expression.as_str() {
                        "" => None,
                        expression => Some(program(expression, &environment)?),
                    },
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        if validations.is_empty() {
            return Err("the engine has no `validations`; add one".to_owned());
        }
        let ignores_errors = text(source, "failurePolicy") == "Ignore";
        Ok(Self { variables, conditions, validations, ignores_errors })
    }

    /// The messages of what does not hold.
    ///
    /// # Errors
    /// An expression has no value, and the template does not say that this is ignored.
    pub fn run(&self, given: Given<'_>) -> Result<Vec<String>, String> {
        let answering = Answering {
            native: self,
            bound: [
                given.object.map_or(Val::Null, Val::of),
                given.old.map_or(Val::Null, Val::of),
                Val::of(given.request),
                Val::of(given.constraint),
                given.namespace.map_or(Val::Null, Val::of),
            ],
            known: RefCell::new(vec![None; self.variables.len()]),
        };
        match answering.violations() {
            Err(_) if self.ignores_errors => Ok(Vec::new()),
            other => other,
        }
    }
}

/// One run: variables are worked out when they are first named, and kept.
struct Answering<'n, 'd> {
    native: &'n Native,
    bound: [Val<'d>; 5],
    known: RefCell<Vec<Option<Result<Val<'d>, Error>>>>,
}

impl<'d> Answering<'_, 'd> {
    fn evaluate(&self, expression: &Expression) -> Result<Val<'d>, Error> {
        let mut slots: Vec<_> = self.bound.iter().cloned().map(Some).collect();
        slots.resize(expression.names, None);
        expression.program.run_with(slots, DEFAULT_COST, Some(self)).value
    }

    fn violations(&self) -> Result<Vec<String>, String> {
        for condition in &self.native.conditions {
            match self.evaluate(condition).map_err(|error| error.to_string())? {
                Val::Bool(true) => {}
                Val::Bool(false) => return Ok(Vec::new()),
                other => return Err(format!("a match condition is a {}, not a bool", other.type_name())),
            }
        }
        let mut found = Vec::new();
        for validation in &self.native.validations {
            match self.evaluate(&validation.expression) {
                Ok(Val::Bool(true)) => {}
                Ok(Val::Bool(false)) => found.push(self.message(validation)),
                Ok(other) => return Err(format!("`{}` is a {}, not a bool", validation.text, other.type_name())),
                Err(error) => return Err(format!("`{}` has no value: {error}", brief(&validation.text))),
            }
        }
        Ok(found)
    }

    fn message(&self, validation: &Validation) -> String {
        let told = validation.message_expression.as_ref().and_then(|program| self.evaluate(program).ok());
        match told {
            Some(Val::Str(text)) if !text.trim().is_empty() && !text.trim().contains('\n') => text.trim().to_owned(),
            _ => validation.message.clone().unwrap_or_else(|| format!("failed expression: {}", validation.text.trim())),
        }
    }
}

impl<'d> Host<'d> for Answering<'_, 'd> {
    fn call(&self, function: &HostFunction, _: &[Val<'d>], _: &mut Purse<'_>) -> Result<Val<'d>, Error> {
        Err(Error::Invalid(format!("`{}` is not known here", function.name)))
    }

    fn variable(&self, slot: usize) -> Option<Result<Val<'d>, Error>> {
        let position = slot.checked_sub(GIVEN.len())?;
        let program = self.native.variables.get(position)?;
        if let Some(Some(known)) = self.known.borrow().get(position) {
            return Some(known.clone());
        }
        let value = self.evaluate(program);
        if let Some(place) = self.known.borrow_mut().get_mut(position) {
            *place = Some(value.clone());
        }
        Some(value)
    }
}

fn program(text: &str, environment: &Environment) -> Result<Expression, String> {
    match Program::compile(text, environment) {
        Ok(program) => Ok(Expression { program, names: environment.variables.len() }),
        Err(error) => Err(format!("the expression `{}` does not compile: {error}", brief(text))),
    }
}

fn brief(text: &str) -> String {
    text.trim().chars().take(120).collect()
}

fn items<'t>(tree: &'t Tree, key: &str) -> impl Iterator<Item = &'t Tree> + use<'t> {
    tree.get(key).and_then(Tree::as_array).into_iter().flatten()
}

fn text(tree: &Tree, key: &str) -> String {
    tree.get(key).and_then(Tree::as_str).unwrap_or_default().to_owned()
}
