//! What an embedder adds to the language: functions, variables that are worked out when they are named, values that only
//! its functions read, and types of struct literals.
//!
//! A function is declared with a name, a form and a number; the planner finds it, the run hands the number and the
//! arguments to the embedder's [`Host`].

use std::any::Any;
use std::fmt;

use crate::meter::Meter;
use crate::value::{Error, Outcome, Val};

/// Whether a function stands alone (`resource.Get(..)`, perhaps dotted) or behind a value (`x.allowed()`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Global,
    Method,
}

/// A function of the embedder. It goes before a built-in one of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostFunction {
    pub name: &'static str,
    pub form: Form,
    /// How many arguments it takes, the target of a method not counted; none where any number will do.
    pub arguments: Option<usize>,
    /// What [`Host::call`] knows it by.
    pub id: u32,
}

/// A type that struct literals may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StructType {
    /// `JSONPatch`, or `Object`.
    pub name: &'static str,
    /// Whether `name.field`, `name.field.field` and so on are types too.
    pub is_nested: bool,
    /// The fields that there are; none where any will do.
    pub fields: Option<&'static [&'static str]>,
}

impl StructType {
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let rest = name.strip_prefix(self.name);
        rest.is_some_and(|rest| rest.is_empty() || (self.is_nested && rest.starts_with('.')))
    }
}

/// What answers for an embedder while an expression runs.
pub trait Host<'a> {
    /// Calls a declared function; the target of a method comes first.
    ///
    /// # Errors
    /// Whatever the function has against its arguments.
    fn call(&self, function: &HostFunction, args: &[Val<'a>], purse: &mut Purse<'_>) -> Outcome<'a>;

    /// The value of a variable that was given none, by its slot; asked once in a run for each slot.
    fn variable(&self, slot: usize) -> Option<Outcome<'a>> {
        let _ = slot;
        None
    }
}

/// What a function of the embedder pays from.
pub struct Purse<'m>(pub(crate) &'m mut Meter);

impl Purse<'_> {
    /// Pays for steps.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub fn pay(&mut self, steps: u64) -> Result<(), Error> {
        self.0.charge(steps)?;
        self.0.pay(steps)
    }

    /// Pays for making something of so many bytes.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub fn make(&mut self, bytes: usize) -> Result<(), Error> {
        self.0.text(bytes)
    }
}

/// A value that only the embedder's functions read.
pub trait Foreign: Any + fmt::Debug + Send + Sync {
    /// What errors call its type.
    fn type_name(&self) -> &'static str;

    /// Whether two are the same value; nothing else is seen of them.
    fn same(&self, other: &dyn Foreign) -> bool;
}

impl dyn Foreign {
    /// The value as the embedder made it.
    pub fn as_type<T: Foreign>(&self) -> Option<&T> {
        let any: &dyn Any = self;
        any.downcast_ref()
    }
}

impl PartialEq for dyn Foreign {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}
