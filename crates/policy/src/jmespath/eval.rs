//! Runs a tree over values, counting steps.

use std::sync::Arc;

use super::ast::{Argument, Call, Comparison, Node, Slice};
use super::functions::{Arg, Args};
use super::value::{Error, List, Map, Outcome, Text, Val, equal};
use super::{Context, Limits, Mode};

pub(super) struct Machine {
    pub mode: Mode,
    pub now: Option<jiff::Timestamp>,
    limits: Limits,
    /// Steps left.
    steps: u64,
}

pub(super) fn run<'a>(node: &Node, mode: Mode, root: &Val<'a>, context: &Context) -> Outcome<'a> {
    let mut machine = Machine { mode, now: context.now, limits: context.limits, steps: context.limits.steps };
    let value = machine.run(node, root)?;
    let mut room = context.limits.output;
    if value.overflows(&mut room) { Err(Error::Limit("output")) } else { Ok(value) }
}

impl Machine {
    pub(super) fn pay(&mut self, steps: u64) -> Result<(), Error> {
        self.steps = self.steps.checked_sub(steps).ok_or(Error::Limit("steps"))?;
        Ok(())
    }

    /// For what handles `bytes` of text.
    pub(super) fn pay_text(&mut self, bytes: usize) -> Result<(), Error> {
        self.pay(1 + bytes as u64 / 16)
    }

    /// Bytes that one text may have.
    pub(super) fn room(&self) -> usize {
        usize::try_from(self.limits.output).unwrap_or(usize::MAX)
    }

    pub(super) fn equal(&mut self, one: &Val<'_>, other: &Val<'_>) -> Result<bool, Error> {
        equal(one, other, &mut self.steps)
    }

    /// A missing key is nothing here.
    pub(super) fn lenient<'a>(&mut self, node: &Node, at: &Val<'a>) -> Outcome<'a> {
        match self.run(node, at) {
            Err(Error::UnknownKey(_)) => Ok(Val::Null),
            outcome => outcome,
        }
    }

    /// Any error is nothing here, except in the specification, which has no such place.
    fn forgiving<'a>(&mut self, node: &Node, at: &Val<'a>) -> Outcome<'a> {
        match self.run(node, at) {
            Err(error) if self.mode == Mode::Kyverno && !matches!(error, Error::Limit(_)) => Ok(Val::Null),
            outcome => outcome,
        }
    }

    /// Each kind of node has a function of its own, so that the stack of a deep expression stays small.
    pub(super) fn run<'a>(&mut self, node: &Node, at: &Val<'a>) -> Outcome<'a> {
        self.pay(1)?;
        match node {
            Node::Current => Ok(at.clone()),
            Node::Field(name) => self.field(name, at),
            Node::Literal(value) => Ok(value.clone()),
            Node::Index(index) => self.index(*index, at),
            Node::Slice(slice) => self.slice(*slice, at),
            Node::Then(left, right) => self.then(left, right, at),
            Node::Pipe(left, right) => self.pipe(left, right, at),
            Node::Project(left, right) => self.project_list(left, right, at),
            Node::ProjectValues(left, right) => self.project_values(left, right, at),
            Node::Filter { left, right, condition } => self.filter(left, condition, right, at),
            Node::Flatten(left) => self.flatten(left, at),
            Node::Or(left, right) => self.either(left, right, at),
            Node::And(left, right) => self.both(left, right, at),
            Node::Not(operand) => self.not(operand, at),
            Node::Compare(comparison, left, right) => self.compare(*comparison, left, right, at),
            Node::List(_) | Node::Map(_) if matches!(at, Val::Null) => Ok(Val::Null),
            Node::List(elements) => self.list(elements, at),
            Node::Map(entries) => self.map(entries, at),
            Node::Call(call) => self.call(call, at),
            Node::Unknown(name) => Err(Error::UnknownFunction(name.clone())),
        }
    }

    fn field<'a>(&self, name: &Arc<str>, at: &Val<'a>) -> Outcome<'a> {
        match at {
            Val::Map(map) => match map.get(name) {
                Some(value) => Ok(value),
                None if self.mode == Mode::Kyverno => Err(Error::UnknownKey(name.clone())),
                None => Ok(Val::Null),
            },
            _ => Ok(Val::Null),
        }
    }

    fn then<'a>(&mut self, left: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let left = self.run(left, at)?;
        self.run(right, &left)
    }

    fn pipe<'a>(&mut self, left: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let left = self.lenient(left, at)?;
        self.lenient(right, &left)
    }

    fn either<'a>(&mut self, left: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let left = self.lenient(left, at)?;
        if left.is_true() { Ok(left) } else { self.lenient(right, at) }
    }

    /// A key that is missing on the right is an error still.
    fn both<'a>(&mut self, left: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let left = self.lenient(left, at)?;
        if left.is_true() { self.run(right, at) } else { Ok(left) }
    }

    fn not<'a>(&mut self, operand: &Node, at: &Val<'a>) -> Outcome<'a> {
        Ok(Val::Bool(!self.lenient(operand, at)?.is_true()))
    }

    fn list<'a>(&mut self, elements: &[Node], at: &Val<'a>) -> Outcome<'a> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            items.push(self.lenient(element, at)?);
        }
        Ok(Val::list(items))
    }

    fn map<'a>(&mut self, entries: &[(Arc<str>, Node)], at: &Val<'a>) -> Outcome<'a> {
        let mut found = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            found.push((Text::Shared(key.clone()), self.lenient(value, at)?));
        }
        Ok(Val::map(found))
    }

    fn call<'a>(&mut self, call: &Call, at: &Val<'a>) -> Outcome<'a> {
        call.function.takes(call.args.len())?;
        let mut list = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            list.push(match argument {
                Argument::Value(node) => Arg::Value(self.lenient(node, at)?),
                Argument::Expression(node) => Arg::Expression(node),
            });
        }
        let args = Args { function: call.function.name, list, pattern: call.pattern.as_ref() };
        (call.function.run)(self, &args)
    }

    fn index<'a>(&mut self, index: i64, at: &Val<'a>) -> Outcome<'a> {
        let Val::List(list) = at else { return Ok(Val::Null) };
        let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
        let position = if index < 0 { index.saturating_add(length) } else { index };
        let Ok(position) = usize::try_from(position) else { return Ok(Val::Null) };
        if let (List::Json(_), true) = (list, position < list.len()) {
            self.pay(position as u64 / 16)?;
        }
        Ok(list.get(position).unwrap_or(Val::Null))
    }

    fn slice<'a>(&mut self, slice: Slice, at: &Val<'a>) -> Outcome<'a> {
        if slice.step == 0 {
            return Err(Error::Value("a slice cannot have a step of 0".to_owned()));
        }
        let Val::List(list) = at else { return Ok(Val::Null) };
        self.pay(list.len() as u64)?;
        let items: Vec<_> = list.iter().collect();
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let is_backward = slice.step < 0;
        let (lowest, highest) = if is_backward { (-1, length - 1) } else { (0, length) };
        let bound = |given: Option<i64>, default: i64| match given {
            None => default,
            Some(given) => (if given < 0 { given.saturating_add(length) } else { given }).clamp(lowest, highest),
        };
        let start = bound(slice.start, if is_backward { highest } else { lowest });
        let stop = bound(slice.stop, if is_backward { lowest } else { highest });
        let mut found = Vec::new();
        let mut position = start;
        while if is_backward { position > stop } else { position < stop } {
            found.extend(usize::try_from(position).ok().and_then(|position| items.get(position)).cloned());
            position = position.saturating_add(slice.step);
        }
        Ok(Val::list(found))
    }

    fn project_list<'a>(&mut self, left: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let Val::List(list) = self.lenient(left, at)? else { return Ok(Val::Null) };
        let mut found = Vec::new();
        for item in list.iter() {
            self.keep(right, &item, &mut found)?;
        }
        Ok(Val::list(found))
    }

    fn project_values<'a>(&mut self, left: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let Val::Map(map) = self.forgiving(left, at)? else { return Ok(Val::Null) };
        let mut found = Vec::new();
        for (_, value) in map.iter() {
            self.keep(right, &value, &mut found)?;
        }
        Ok(Val::list(found))
    }

    fn filter<'a>(&mut self, left: &Node, condition: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let Val::List(list) = self.forgiving(left, at)? else { return Ok(Val::Null) };
        let mut found = Vec::new();
        for item in list.iter() {
            if self.lenient(condition, &item)?.is_true() {
                self.keep(right, &item, &mut found)?;
            }
        }
        Ok(Val::list(found))
    }

    /// What a projection makes of an item, unless it is null.
    fn keep<'a>(&mut self, right: &Node, item: &Val<'a>, found: &mut Vec<Val<'a>>) -> Result<(), Error> {
        match self.lenient(right, item)? {
            Val::Null => {}
            value => found.push(value),
        }
        Ok(())
    }

    fn flatten<'a>(&mut self, left: &Node, at: &Val<'a>) -> Outcome<'a> {
        let Val::List(list) = self.forgiving(left, at)? else { return Ok(Val::Null) };
        let mut found = Vec::new();
        for item in list.iter() {
            self.pay(1)?;
            match item {
                Val::List(inner) => {
                    self.pay(inner.len() as u64)?;
                    found.extend(inner.iter());
                }
                other => found.push(other),
            }
        }
        Ok(Val::list(found))
    }

    /// Only numbers have an order.
    fn compare<'a>(&mut self, comparison: Comparison, left: &Node, right: &Node, at: &Val<'a>) -> Outcome<'a> {
        let (left, right) = (self.lenient(left, at)?, self.lenient(right, at)?);
        Ok(match (comparison, &left, &right) {
            (Comparison::Equal, left, right) => Val::Bool(self.equal(left, right)?),
            (Comparison::NotEqual, left, right) => Val::Bool(!self.equal(left, right)?),
            (Comparison::Less, Val::Number(left), Val::Number(right)) => Val::Bool(left < right),
            (Comparison::LessOrEqual, Val::Number(left), Val::Number(right)) => Val::Bool(left <= right),
            (Comparison::Greater, Val::Number(left), Val::Number(right)) => Val::Bool(left > right),
            (Comparison::GreaterOrEqual, Val::Number(left), Val::Number(right)) => Val::Bool(left >= right),
            _ => Val::Null,
        })
    }

    /// Pays for building a map of so many entries.
    pub(super) fn pay_map(&mut self, map: &Map<'_>) -> Result<(), Error> {
        self.pay(1 + map.len() as u64)
    }
}
