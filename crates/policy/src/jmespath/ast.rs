//! The tree of an expression, with functions already looked up.

use std::sync::Arc;

use super::functions::{Function, Pattern};
use super::value::Val;

#[derive(Debug, Clone)]
pub(super) enum Node {
    Current,
    Field(Arc<str>),
    Literal(Val<'static>),
    Index(i64),
    Slice(Slice),
    /// The right side looks at what the left side gives: `a.b`, `a[0]`.
    Then(Box<Node>, Box<Node>),
    /// The same, but across a pipe, which stops projections.
    Pipe(Box<Node>, Box<Node>),
    /// `left[*].right` and slices.
    Project(Box<Node>, Box<Node>),
    /// `left.*.right`
    ProjectValues(Box<Node>, Box<Node>),
    /// `left[?condition].right`
    Filter {
        left: Box<Node>,
        right: Box<Node>,
        condition: Box<Node>,
    },
    Flatten(Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    List(Vec<Node>),
    Map(Vec<(Arc<str>, Node)>),
    Call(Call),
    /// A function that does not exist: an error where it is reached, as in the reference implementations.
    Unknown(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    pub start: Option<i64>,
    pub stop: Option<i64>,
    pub step: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub function: &'static Function,
    pub args: Vec<Argument>,
    /// The first argument as a pattern, where it is a literal and the function takes one.
    pub pattern: Option<Pattern>,
}

#[derive(Debug, Clone)]
pub(super) enum Argument {
    Value(Node),
    /// `&expression`
    Expression(Node),
}
