//! Functions by name, with what they take; and the arguments of a call.

mod collections;
mod numbers;
mod ordering;
mod pattern;
mod texts;

use super::ast::Node;
use super::eval::Machine;
use super::value::{Error, List, Map, Outcome, Text, Val};
use super::{Mode, kyverno};

pub(super) use pattern::Pattern;

pub(super) type Run = for<'a> fn(&mut Machine, &Args<'_, 'a>) -> Outcome<'a>;

#[derive(Debug)]
pub(super) struct Function {
    pub name: &'static str,
    pub least: usize,
    /// None where any number may follow.
    pub most: Option<usize>,
    /// The first argument is a regular expression.
    pub takes_pattern: bool,
    pub run: Run,
}

impl Function {
    /// Of exactly `count` arguments.
    pub(super) const fn of(name: &'static str, count: usize, run: Run) -> Self {
        Self { name, least: count, most: Some(count), takes_pattern: false, run }
    }

    const fn any(name: &'static str, least: usize, run: Run) -> Self {
        Self { name, least, most: None, takes_pattern: false, run }
    }

    pub(super) const fn pattern(name: &'static str, count: usize, run: Run) -> Self {
        Self { name, least: count, most: Some(count), takes_pattern: true, run }
    }

    /// # Errors
    /// So many arguments are too few or too many.
    pub(super) fn takes(&self, given: usize) -> Result<(), Error> {
        if given >= self.least && self.most.is_none_or(|most| given <= most) {
            return Ok(());
        }
        let bound = if self.most.is_none() { "at least " } else { "" };
        let expected = match self.least {
            1 => format!("{bound}1 argument"),
            count => format!("{bound}{count} arguments"),
        };
        Err(Error::Arity { function: self.name, expected, given })
    }
}

static STANDARD: [Function; 26] = [
    Function::of("abs", 1, numbers::abs),
    Function::of("avg", 1, numbers::avg),
    Function::of("ceil", 1, numbers::ceil),
    Function::of("contains", 2, collections::contains),
    Function::of("ends_with", 2, texts::ends_with),
    Function::of("floor", 1, numbers::floor),
    Function::of("join", 2, texts::join),
    Function::of("keys", 1, collections::keys),
    Function::of("length", 1, collections::length),
    Function::of("map", 2, collections::map),
    Function::of("max", 1, ordering::max),
    Function::of("max_by", 2, ordering::max_by),
    Function::any("merge", 1, collections::merge),
    Function::of("min", 1, ordering::min),
    Function::of("min_by", 2, ordering::min_by),
    Function::any("not_null", 1, collections::not_null),
    Function::of("reverse", 1, collections::reverse),
    Function::of("sort", 1, ordering::sort),
    Function::of("sort_by", 2, ordering::sort_by),
    Function::of("starts_with", 2, texts::starts_with),
    Function::of("sum", 1, numbers::sum),
    Function::of("to_array", 1, collections::to_array),
    Function::of("to_number", 1, numbers::to_number),
    Function::of("to_string", 1, texts::to_string),
    Function::of("type", 1, texts::type_of),
    Function::of("values", 1, collections::values),
];

pub(super) fn find(name: &str, mode: Mode) -> Option<&'static Function> {
    let own = match mode {
        Mode::Standard => None,
        // Some of them stand in the place of a standard one.
        Mode::Kyverno => kyverno::FUNCTIONS.iter().find(|function| function.name == name),
    };
    own.or_else(|| STANDARD.iter().find(|function| function.name == name))
}

pub(super) enum Arg<'n, 'a> {
    Value(Val<'a>),
    Expression(&'n Node),
}

/// The arguments of one call, to be asked for by position (from 0) and type.
pub(super) struct Args<'n, 'a> {
    pub function: &'static str,
    pub list: Vec<Arg<'n, 'a>>,
    /// The first argument compiled, where it is a literal pattern.
    pub pattern: Option<&'n Pattern>,
}

const EXPRESSION: &str = "an expression (`&..`)";

impl<'n, 'a> Args<'n, 'a> {
    /// The error that argument `at` is not what was expected.
    pub(super) fn not(&self, at: usize, expected: &'static str) -> Error {
        let found = match self.list.get(at) {
            Some(Arg::Value(value)) => value.type_name(),
            Some(Arg::Expression(_)) => EXPRESSION,
            None => "missing",
        };
        Error::Type { function: self.function, position: at + 1, expected, found }
    }

    pub(super) fn failed<T>(&self, reason: impl Into<String>) -> Result<T, Error> {
        Err(Error::Failed { function: self.function, reason: reason.into() })
    }

    pub(super) fn value(&self, at: usize) -> Result<&Val<'a>, Error> {
        match self.list.get(at) {
            Some(Arg::Value(value)) => Ok(value),
            _ => Err(self.not(at, "a value")),
        }
    }

    /// All arguments from the first one.
    pub(super) fn values(&self) -> Result<Vec<&Val<'a>>, Error> {
        (0..self.list.len()).map(|at| self.value(at)).collect()
    }

    pub(super) fn text(&self, at: usize) -> Result<&Text<'a>, Error> {
        match self.value(at)? {
            Val::Text(text) => Ok(text),
            _ => Err(self.not(at, "string")),
        }
    }

    pub(super) fn number(&self, at: usize) -> Result<f64, Error> {
        match self.value(at)? {
            Val::Number(number) => Ok(*number),
            _ => Err(self.not(at, "number")),
        }
    }

    pub(super) fn list(&self, at: usize) -> Result<&List<'a>, Error> {
        match self.value(at)? {
            Val::List(list) => Ok(list),
            _ => Err(self.not(at, "array")),
        }
    }

    pub(super) fn map(&self, at: usize) -> Result<&Map<'a>, Error> {
        match self.value(at)? {
            Val::Map(map) => Ok(map),
            _ => Err(self.not(at, "object")),
        }
    }

    pub(super) fn expression(&self, at: usize) -> Result<&'n Node, Error> {
        match self.list.get(at) {
            Some(Arg::Expression(node)) => Ok(node),
            _ => Err(self.not(at, EXPRESSION)),
        }
    }

    /// The elements of a list of numbers.
    pub(super) fn numbers(&self, at: usize) -> Result<Vec<f64>, Error> {
        let number = |item| match item {
            Val::Number(number) => Ok(number),
            _ => Err(self.not(at, "array of numbers")),
        };
        self.list(at)?.iter().map(number).collect()
    }
}
