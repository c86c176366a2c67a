//! A tree to a plan: names become slots, functions become pointers, constant patterns are compiled, once.

mod names;

use std::sync::Arc;

use regex::Regex;

use crate::ast::{BinaryOperator, Expr, ExprKind, Fold, FoldKind, Literal, UnaryOperator};
use crate::eval::cost;
use crate::functions::{self, Feature, Function};
use crate::host::{Form, HostFunction};
use crate::macros;
use crate::value::{Map, Text, Val};

pub use names::Environment;
use names::Scope;

/// One step of a compiled expression.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Constant(Val<'static>),
    /// A value that was worked out when the plan was made, and what it costs all the same.
    Priced {
        value: Val<'static>,
        cost: u64,
    },
    /// A name that stands for nothing, in an unchecked expression.
    Unknown(String),
    Slot(usize),
    Select {
        operand: Box<Node>,
        field: String,
        optional: bool,
    },
    Has {
        operand: Box<Node>,
        field: String,
    },
    Index {
        operand: Box<Node>,
        index: Box<Node>,
        optional: bool,
    },
    Call {
        name: &'static str,
        function: Function,
        args: Vec<Node>,
    },
    /// A function of the embedder.
    Host {
        function: HostFunction,
        args: Vec<Node>,
    },
    /// `matches` with a constant pattern.
    Matches {
        operand: Box<Node>,
        pattern: Arc<Regex>,
        /// Characters of the pattern as it was written.
        length: u64,
    },
    /// A call with a constant pattern.
    Patterned {
        call: Box<Node>,
        text: Arc<str>,
        pattern: Arc<Regex>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Binary {
        operator: BinaryOperator,
        left: Box<Node>,
        right: Box<Node>,
    },
    Conditional(Box<[Node; 3]>),
    List(Vec<(Node, bool)>),
    Map(Vec<(Node, Node, bool)>),
    Struct {
        name: Arc<str>,
        fields: Vec<(Node, Node, bool)>,
    },
    Fold(Box<FoldNode>),
    /// Evaluates the first, puts it in the next slot, evaluates the second.
    Bind(Box<[Node; 2]>),
    OptMap {
        operand: Box<Node>,
        body: Box<Node>,
        flat: bool,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct FoldNode {
    pub kind: FoldKind,
    pub range: Node,
    pub two_names: bool,
    pub filter: Option<Node>,
    pub body: Node,
}

/// Why an expression that parses cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// Byte offset in the source.
    pub offset: u32,
    pub message: String,
}

impl std::fmt::Display for CompileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.message)
    }
}

type Planned = Result<Node, CompileError>;

pub(crate) fn plan(expr: &Expr, environment: &Environment) -> Planned {
    Planner { scope: Scope::new(environment) }.node(expr)
}

struct Planner<'e> {
    scope: Scope<'e>,
}

fn error(expr: &Expr, message: impl Into<String>) -> CompileError {
    CompileError { offset: expr.start, message: message.into() }
}

impl Planner<'_> {
    fn boxed(&mut self, expr: &Expr) -> Result<Box<Node>, CompileError> {
        self.node(expr).map(Box::new)
    }

    fn node(&mut self, expr: &Expr) -> Planned {
        self.allowed(expr)?;
        Ok(match &expr.kind {
            ExprKind::Literal(literal) => Node::Constant(constant(literal)),
            ExprKind::Ident { .. } | ExprKind::Select { .. } => self.name_or_select(expr)?,
            ExprKind::Has { operand, field } => self.has(operand, field)?,
            ExprKind::Index { operand, index, optional } => {
                Node::Index { operand: self.boxed(operand)?, index: self.boxed(index)?, optional: *optional }
            }
            ExprKind::Call { function, target, args } => self.call(expr, function, target.as_deref(), args)?,
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => Node::Not(self.boxed(operand)?),
            ExprKind::Unary { operator: UnaryOperator::Negate, operand } => Node::Negate(self.boxed(operand)?),
            ExprKind::Binary { operator, left, right } => {
                let (left, right) = (self.boxed(left)?, self.boxed(right)?);
                match operator {
                    BinaryOperator::Or => Node::Or(left, right),
                    BinaryOperator::And => Node::And(left, right),
                    operator => Node::Binary { operator: *operator, left, right },
                }
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                Node::Conditional(Box::new([self.node(condition)?, self.node(then)?, self.node(otherwise)?]))
            }
            ExprKind::List(elements) => {
                let elements = elements.iter().map(|(element, optional)| Ok((self.node(element)?, *optional)));
                list(elements.collect::<Result<_, _>>()?)
            }
            ExprKind::Map(entries) => {
                let entries =
                    entries.iter().map(|entry| Ok((self.node(&entry.key)?, self.node(&entry.value)?, entry.optional)));
                map(entries.collect::<Result<_, _>>()?)
            }
            ExprKind::Struct { name, fields } => self.structure(expr, name, fields)?,
            ExprKind::Fold(fold) => self.fold(fold)?,
            ExprKind::Bind { name, value, body } => {
                let value = self.node(value)?;
                let body = self.within(&[name], |planner| planner.node(body))?;
                Node::Bind(Box::new([value, body]))
            }
            ExprKind::Block { slots, body } => self.block(slots, body)?,
            ExprKind::OptMap { operand, name, body, flat } => {
                let operand = self.boxed(operand)?;
                let body = self.within(&[name], |planner| planner.boxed(body))?;
                Node::OptMap { operand, body, flat: *flat }
            }
        })
    }

    /// A function of no target, if the environment's release has it.
    fn global(&self, name: &str) -> Option<(&'static str, Function)> {
        functions::global(name).filter(|(name, _)| self.scope.knows(name))
    }

    /// # Errors
    /// The environment's release has no such syntax.
    fn needs(&self, expr: &Expr, feature: Feature) -> Result<(), CompileError> {
        let minor = feature.since();
        if self.scope.has(minor) { Ok(()) } else { Err(error(expr, format!("this needs Kubernetes 1.{minor}"))) }
    }

    /// # Errors
    /// An expression has syntax that came after the environment's release.
    fn allowed(&self, expr: &Expr) -> Result<(), CompileError> {
        match &expr.kind {
            ExprKind::Select { optional: true, .. }
            | ExprKind::Index { optional: true, .. }
            | ExprKind::OptMap { .. } => self.needs(expr, Feature::Optionals),
            ExprKind::List(elements) if elements.iter().any(|(_, optional)| *optional) => {
                self.needs(expr, Feature::Optionals)
            }
            ExprKind::Map(entries) if entries.iter().any(|entry| entry.optional) => {
                self.needs(expr, Feature::Optionals)
            }
            ExprKind::Fold(fold) if fold.second.is_some() => self.needs(expr, Feature::TwoNames),
            ExprKind::Fold(fold) if fold.kind == FoldKind::SortBy => self.needs(expr, Feature::Lists),
            _ => Ok(()),
        }
    }

    /// `has(a.b)`: a variable `a.b` of the environment is always there.
    fn has(&mut self, operand: &Expr, field: &str) -> Planned {
        if let Some(path) = macros::dotted(operand)
            && self.scope.resolve(&path).is_none()
            && self.scope.resolve(&format!("{path}.{field}")).is_some()
        {
            return Ok(Node::Constant(Val::Bool(true)));
        }
        Ok(Node::Has { operand: self.boxed(operand)?, field: field.to_owned() })
    }

    fn structure(&mut self, expr: &Expr, name: &str, fields: &[(String, Expr, bool)]) -> Planned {
        let Some((name, found)) = self.scope.structure(name) else {
            return Err(error(expr, format!("unknown type `{name}`")));
        };
        let mut planned = Vec::with_capacity(fields.len());
        for (field, value, optional) in fields {
            if found.fields.is_some_and(|known| !known.contains(&field.as_str())) {
                return Err(error(value, format!("`{name}` has no field `{field}`")));
            }
            let key = Node::Constant(Val::Str(Text::Shared(field.as_str().into())));
            planned.push((key, self.node(value)?, *optional));
        }
        Ok(Node::Struct { name: name.into(), fields: planned })
    }

    fn hosted(&mut self, function: HostFunction, target: Option<&Expr>, args: &[Expr]) -> Planned {
        let args = target.into_iter().chain(args).map(|argument| self.node(argument)).collect::<Result<_, _>>()?;
        Ok(Node::Host { function, args })
    }

    fn unknown(&self, expr: &Expr, message: String) -> Planned {
        if self.scope.is_unchecked() { Ok(Node::Unknown(message)) } else { Err(error(expr, message)) }
    }

    fn within<T>(&mut self, names: &[&String], plan: impl FnOnce(&mut Self) -> T) -> T {
        names.iter().for_each(|name| self.scope.push(name));
        let planned = plan(self);
        names.iter().for_each(|_| self.scope.pop());
        planned
    }

    /// `a.b.c` may be a variable `a.b.c`, a field `c` of a variable `a.b`, a type, or fields of `a`.
    fn name_or_select(&mut self, expr: &Expr) -> Planned {
        if let Some(node) = macros::dotted(expr).and_then(|path| self.scope.resolve(&path)) {
            return Ok(node);
        }
        match &expr.kind {
            ExprKind::Select { operand, field, optional } => {
                Ok(Node::Select { operand: self.boxed(operand)?, field: field.clone(), optional: *optional })
            }
            ExprKind::Ident { name, .. } => self.unknown(expr, format!("undeclared reference to `{name}`")),
            _ => Err(error(expr, "a name was expected here")),
        }
    }

    fn call(&mut self, expr: &Expr, function: &str, target: Option<&Expr>, args: &[Expr]) -> Planned {
        let Some(target) = target else {
            let name = function.trim_start_matches('.');
            if let Some(function) = self.scope.hosted(name, Form::Global, args.len()) {
                return self.hosted(function, None, args);
            }
            let found = self.scope.candidates(name).into_iter().find_map(|name| self.global(&name));
            let Some((name, function)) = found else {
                return self.unknown(expr, format!("undeclared function `{name}`"));
            };
            return called(expr, name, function, self.all(args)?);
        };
        if let Some(path) = macros::dotted(target) {
            if path == "cel" && matches!(function, "index" | "iterVar") {
                let name = macros::indexed(function, args);
                return self
                    .scope
                    .resolve(&name)
                    .ok_or_else(|| error(expr, format!("`cel.{function}` has no such slot")));
            }
            // A namespace such as `math` is no variable; a variable of that name goes first.
            let full = format!("{}.{function}", path.trim_start_matches('.'));
            if self.scope.resolve(&path).is_none_or(|node| matches!(node, Node::Constant(Val::Type(_)))) {
                if let Some(function) = self.scope.hosted(&full, Form::Global, args.len()) {
                    return self.hosted(function, None, args);
                }
                if let Some((name, function)) =
                    self.scope.candidates(&full).into_iter().find_map(|name| self.global(&name))
                {
                    return called(expr, name, function, self.all(args)?);
                }
            }
        }
        if let Some(function) = self.scope.hosted(function, Form::Method, args.len()) {
            return self.hosted(function, Some(target), args);
        }
        let known = functions::method(function).filter(|(name, _)| self.scope.knows(name));
        let Some((name, function)) = known else {
            return self.unknown(expr, format!("undeclared function `{function}`"));
        };
        let function = match name {
            "orValue" if self.scope.is_lenient() => Function::Plain(functions::or_value_leniently),
            _ => function,
        };
        let mut all = vec![self.node(target)?];
        all.extend(self.all(args)?);
        called(expr, name, function, all)
    }

    fn all(&mut self, args: &[Expr]) -> Result<Vec<Node>, CompileError> {
        args.iter().map(|argument| self.node(argument)).collect()
    }

    fn fold(&mut self, fold: &Fold) -> Planned {
        let range = self.node(&fold.range)?;
        let names: Vec<&String> = std::iter::once(&fold.first).chain(&fold.second).collect();
        let (filter, body) = self.within(&names, |planner| {
            let filter = fold.filter.as_ref().map(|filter| planner.node(filter)).transpose();
            (filter, planner.node(&fold.body))
        });
        let two_names = fold.second.is_some();
        Ok(Node::Fold(Box::new(FoldNode { kind: fold.kind, range, two_names, filter: filter?, body: body? })))
    }

    fn block(&mut self, slots: &[Expr], body: &Expr) -> Planned {
        let mut values = Vec::new();
        let mut planned = Ok(());
        for (position, slot) in slots.iter().enumerate() {
            match self.node(slot) {
                Ok(value) => values.push(value),
                Err(error) => planned = planned.and(Err(error)),
            }
            self.scope.push(&format!("@index:{position}"));
        }
        let body = self.node(body);
        slots.iter().for_each(|_| self.scope.pop());
        planned?;
        Ok(values.into_iter().rev().fold(body?, |body, value| Node::Bind(Box::new([value, body]))))
    }
}

/// Functions that read a constant text once, when the plan is made.
const READERS: [&str; 10] =
    ["quantity", "semver", "url", "ip", "cidr", "duration", "timestamp", "isQuantity", "isSemver", "format.named"];

/// A call; what is constant in it is settled here, unless it fails: that is for the run, which may not come to it.
fn called(expr: &Expr, name: &'static str, function: Function, args: Vec<Node>) -> Planned {
    if let [_, Node::Constant(Val::Str(text)), ..] = args.as_slice() {
        match name {
            "matches" => {
                let pattern = Arc::new(functions::pattern(text).map_err(|message| error(expr, message))?);
                if let [operand, _] = args.as_slice() {
                    let length = text.chars().count() as u64;
                    return Ok(Node::Matches { operand: Box::new(operand.clone()), pattern, length });
                }
            }
            "find" | "findAll" | "regex.replace" | "regex.extract" | "regex.extractAll" => {
                if let Ok(pattern) = functions::pattern(text) {
                    let text: Arc<str> = (**text).into();
                    let call = Box::new(Node::Call { name, function, args });
                    return Ok(Node::Patterned { call, text, pattern: Arc::new(pattern) });
                }
            }
            _ => {}
        }
    }
    if let Function::Plain(function) = function
        && (READERS.contains(&name) || name.starts_with("format."))
        && let Some((constants, cost)) = constants(args.iter())
        && let Ok(value) = function(name, &constants)
    {
        let cost = cost.saturating_add(cost::call(name, &constants, &value));
        return Ok(Node::Priced { value, cost });
    }
    Ok(Node::Call { name, function, args })
}

/// The values of nodes that are all constant, and what they cost.
fn constants<'n>(nodes: impl Iterator<Item = &'n Node>) -> Option<(Vec<Val<'static>>, u64)> {
    let mut total = 0u64;
    let value = |node: &Node| match node {
        Node::Constant(value) => Some(value.clone()),
        Node::Priced { value, cost } => {
            total = total.saturating_add(*cost);
            Some(value.clone())
        }
        _ => None,
    };
    let values = nodes.map(value).collect::<Option<Vec<_>>>()?;
    Some((values, total))
}

fn list(elements: Vec<(Node, bool)>) -> Node {
    let is_plain = elements.iter().all(|(_, optional)| !optional);
    match constants(elements.iter().map(|(element, _)| element)).filter(|_| is_plain) {
        Some((values, cost)) => Node::Priced { value: Val::list(values), cost: cost.saturating_add(cost::LIST) },
        None => Node::List(elements),
    }
}

fn map(entries: Vec<(Node, Node, bool)>) -> Node {
    let is_plain = entries.iter().all(|(.., optional)| !optional);
    let keys = constants(entries.iter().map(|(key, ..)| key)).filter(|_| is_plain);
    let values = constants(entries.iter().map(|(_, value, _)| value));
    let table =
        keys.zip(values).map(|((keys, _), (values, cost))| (Map::of(keys.into_iter().zip(values).collect()), cost));
    match table {
        Some((Ok(table), cost)) => Node::Priced { value: Val::Map(table), cost: cost.saturating_add(cost::MAP) },
        _ => Node::Map(entries),
    }
}

fn constant(literal: &Literal) -> Val<'static> {
    match literal {
        Literal::Null => Val::Null,
        Literal::Bool(value) => Val::Bool(*value),
        Literal::Int(value) => Val::Int(*value),
        Literal::UInt(value) => Val::UInt(*value),
        Literal::Double(value) => Val::Double(*value),
        Literal::String(text) => Val::Str(Text::Shared(text.as_str().into())),
        Literal::Bytes(bytes) => Val::Bytes(bytes.as_slice().into()),
    }
}
