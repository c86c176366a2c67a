//! Runs a plan over values, counting steps.

pub(crate) mod cost;
mod fold;
mod operators;

use std::sync::Arc;

use regex::Regex;

use crate::ast::BinaryOperator;
use crate::functions::Function;
use crate::host::{Host, HostFunction, Purse};
use crate::meter::Meter;
use crate::plan::Node;
use crate::value::{Error, List, Map, Outcome, Text, Val, overload};

/// What the API server lets all expressions of one policy cost together.
pub const DEFAULT_COST: u64 = 10_000_000;

/// What the API server lets one expression cost.
pub const EXPRESSION_COST: u64 = 1_000_000;

/// What the API server lets the match conditions of one webhook or policy cost together.
pub const MATCH_CONDITIONS_COST: u64 = 2_500_000;

/// Bytes that an entry of a map takes, beside the text of its key.
const ENTRY: usize = 128;

pub(crate) struct Machine<'h, 'a> {
    /// Variables of the environment, then what macros bind.
    slots: Vec<Option<Val<'a>>>,
    pub(super) meter: Meter,
    host: Option<&'h dyn Host<'a>>,
}

impl<'h, 'a> Machine<'h, 'a> {
    pub(crate) fn new(variables: Vec<Option<Val<'a>>>, limit: u64, host: Option<&'h dyn Host<'a>>) -> Self {
        Self { slots: variables, meter: Meter::new(limit), host }
    }

    pub(crate) fn cost(&self) -> u64 {
        self.meter.cost()
    }

    fn pay(&mut self, cost: u64) -> Result<(), Error> {
        self.meter.pay(cost)
    }

    fn charge(&mut self, cost: u64) -> Result<(), Error> {
        self.meter.charge(cost)
    }

    /// A field or index of a value: one step, and one more where the value had to be worked out.
    fn charge_lookup(&mut self, operand: &Node) -> Result<(), Error> {
        self.charge(if cost::is_looked_up(operand) { 1 } else { 2 })
    }

    fn within<T>(&mut self, values: impl IntoIterator<Item = Val<'a>>, run: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.slots.len();
        self.slots.extend(values.into_iter().map(Some));
        let outcome = run(self);
        self.slots.truncate(depth);
        outcome
    }

    /// Each step is a function of its own: what a step needs must not be on the stack while others run below it.
    pub(crate) fn run(&mut self, node: &Node) -> Outcome<'a> {
        self.pay(1)?;
        match node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Priced { value, cost } => self.charge(*cost).map(|()| value.clone()),
            Node::Unknown(message) => Err(Error::Invalid(message.clone())),
            Node::Slot(slot) => self.slot(*slot),
            Node::Select { operand, field, optional } => self.select(operand, field, *optional),
            Node::Has { operand, field } => self.has(operand, field),
            Node::Index { operand, index, optional } => self.index(operand, index, *optional),
            Node::Call { function, args, name } => self.call(name, *function, args),
            Node::Host { function, args } => self.host(function, args),
            Node::Matches { operand, pattern, length } => self.matches(operand, pattern, *length),
            Node::Patterned { call, text, pattern } => {
                self.meter.know(text, pattern);
                self.run(call)
            }
            Node::Not(operand) => self.not(operand),
            Node::Negate(operand) => self.negate(operand),
            Node::Or(left, right) => self.logic(left, right, true),
            Node::And(left, right) => self.logic(left, right, false),
            Node::Binary { operator, left, right } => self.binary(*operator, left, right),
            Node::Conditional(parts) => self.conditional(parts),
            Node::List(elements) => self.list(elements),
            Node::Map(entries) => self.map(None, entries),
            Node::Struct { name, fields } => self.map(Some(name), fields),
            Node::Fold(fold) => self.fold(fold),
            Node::Bind(parts) => self.bind(parts),
            Node::OptMap { operand, body, flat } => self.opt_map(operand, body, *flat),
        }
    }

    fn slot(&mut self, slot: usize) -> Outcome<'a> {
        self.charge(1)?;
        match self.slots.get(slot) {
            Some(Some(value)) => Ok(value.clone()),
            _ => self.variable(slot),
        }
    }

    fn select(&mut self, operand: &Node, field: &str, optional: bool) -> Outcome<'a> {
        self.charge_lookup(operand)?;
        let operand = self.run(operand)?;
        self.pay(search_field(&operand))?;
        if optional { optional_field(&operand, field) } else { operand.field(field) }
    }

    fn has(&mut self, operand: &Node, field: &str) -> Outcome<'a> {
        let operand = self.run(operand)?;
        self.pay(search_field(&operand))?;
        has(&operand, field)
    }

    fn index(&mut self, operand: &Node, index: &Node, optional: bool) -> Outcome<'a> {
        // An index that is looked up costs what its lookup costs.
        match (cost::is_looked_up(operand), cost::is_looked_up(index)) {
            (true, true) => {}
            (false, true) => self.charge(1)?,
            (_, false) => self.charge_lookup(operand)?,
        }
        let (operand, index) = (self.run(operand)?, self.run(index)?);
        self.pay(search(&operand, &index))?;
        if optional { optional_index(&operand, &index) } else { at(&operand, &index) }
    }

    fn all(&mut self, args: &[Node]) -> Result<Vec<Val<'a>>, Error> {
        let args = args.iter().map(|argument| self.run(argument)).collect::<Result<Vec<_>, _>>()?;
        self.pay(size_of_all(&args))?;
        Ok(args)
    }

    fn call(&mut self, name: &str, function: Function, args: &[Node]) -> Outcome<'a> {
        let args = self.all(args)?;
        let made = function.call(name, &args, &mut self.meter)?;
        self.charge(cost::call(name, &args, &made))?;
        self.meter.make(bytes_of(&made))?;
        Ok(made)
    }

    fn host(&mut self, function: &HostFunction, args: &[Node]) -> Outcome<'a> {
        let args = self.all(args)?;
        self.charge(1)?;
        match self.host {
            Some(host) => host.call(function, &args, &mut Purse(&mut self.meter)),
            None => Err(Error::Invalid(format!("nothing here answers for `{}`", function.name))),
        }
    }

    fn matches(&mut self, operand: &Node, pattern: &Regex, length: u64) -> Outcome<'a> {
        let operand = self.run(operand)?;
        self.charge(cost::pattern(&operand, length))?;
        match operand {
            Val::Str(text) => {
                self.meter.read(text.len())?;
                Ok(Val::Bool(pattern.is_match(&text)))
            }
            other => Err(overload("matches", &[other])),
        }
    }

    fn not(&mut self, operand: &Node) -> Outcome<'a> {
        self.charge(1)?;
        match self.run(operand)? {
            Val::Bool(value) => Ok(Val::Bool(!value)),
            other => Err(overload("!", &[other])),
        }
    }

    fn negate(&mut self, operand: &Node) -> Outcome<'a> {
        self.charge(1)?;
        operators::negate(&self.run(operand)?)
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Node, right: &Node) -> Outcome<'a> {
        let (left, right) = (self.run(left)?, self.run(right)?);
        self.charge(cost::binary(operator, &left, &right))?;
        operators::binary(operator, left, right, &mut self.meter)
    }

    fn conditional(&mut self, parts: &[Node; 3]) -> Outcome<'a> {
        let [condition, then, otherwise] = parts;
        let branch = match self.run(condition)? {
            Val::Bool(true) => then,
            Val::Bool(false) => otherwise,
            other => return Err(overload("?:", &[other])),
        };
        let value = self.run(branch);
        // The server does not count the step to what is only looked up in a branch.
        if matches!(branch, Node::Slot(_) | Node::Select { .. } | Node::Index { .. }) {
            self.meter.refund(1);
        }
        value
    }

    fn bind(&mut self, parts: &[Node; 2]) -> Outcome<'a> {
        let [value, body] = parts;
        // The macro is a loop over an empty list.
        self.charge(cost::LIST)?;
        let value = self.run(value)?;
        self.within([value], |machine| machine.run(body))
    }

    /// A variable that nobody gave a value: the embedder may work it out, once.
    fn variable(&mut self, slot: usize) -> Outcome<'a> {
        let worked_out = self.host.and_then(|host| host.variable(slot));
        let value = worked_out.unwrap_or_else(|| Err(Error::Invalid("a variable has no value".to_owned())))?;
        if let Some(empty) = self.slots.get_mut(slot) {
            *empty = Some(value.clone());
        }
        Ok(value)
    }

    /// `||` and `&&`: the deciding value wins over an error on the other side, whichever comes first.
    fn logic(&mut self, left: &Node, right: &Node, deciding: bool) -> Outcome<'a> {
        let left = self.truth(left);
        if left == Ok(deciding) {
            return Ok(Val::Bool(deciding));
        }
        // No other side makes up for a limit that is exceeded.
        if left == Err(Error::CostExceeded) {
            return Err(Error::CostExceeded);
        }
        let right = self.truth(right);
        if right == Err(Error::CostExceeded) {
            return Err(Error::CostExceeded);
        }
        if right == Ok(deciding) {
            return Ok(Val::Bool(deciding));
        }
        left.and(right).map(Val::Bool)
    }

    fn truth(&mut self, node: &Node) -> Result<bool, Error> {
        match self.run(node)? {
            Val::Bool(value) => Ok(value),
            other => Err(overload("logic", &[other])),
        }
    }

    fn list(&mut self, elements: &[(Node, bool)]) -> Outcome<'a> {
        self.charge(cost::LIST)?;
        let mut items = Vec::with_capacity(elements.len());
        for (element, optional) in elements {
            let value = self.run(element)?;
            match (optional, value) {
                (false, value) => items.push(value),
                (true, Val::Optional(value)) => items.extend(value.map(|value| (*value).clone())),
                (true, other) => return Err(overload("optional element", &[other])),
            }
        }
        Ok(Val::list(items))
    }

    fn map(&mut self, type_name: Option<&Arc<str>>, entries: &[(Node, Node, bool)]) -> Outcome<'a> {
        self.charge(if type_name.is_some() { cost::STRUCT } else { cost::MAP })?;
        let mut table = Vec::with_capacity(entries.len());
        for (key, value, optional) in entries {
            let key = self.run(key)?;
            match (optional, self.run(value)?) {
                (false, value) => table.push((key, value)),
                (true, Val::Optional(value)) => table.extend(value.map(|value| (key, (*value).clone()))),
                (true, other) => return Err(overload("optional entry", &[other])),
            }
        }
        self.keys(&table)?;
        Map::of_type(type_name.cloned(), table).map(Val::Map)
    }

    /// Pays for the entries of a map, whose keys are copied.
    fn keys(&mut self, entries: &[(Val<'a>, Val<'a>)]) -> Result<(), Error> {
        for (key, _) in entries {
            self.meter.make(ENTRY)?;
            if let Val::Str(text) = key {
                self.meter.text(text.len())?;
            }
        }
        Ok(())
    }

    fn opt_map(&mut self, operand: &Node, body: &Node, flat: bool) -> Outcome<'a> {
        let before = self.meter.cost();
        let operand = self.run(operand)?;
        let again = self.meter.cost().saturating_sub(before);
        match operand {
            Val::Optional(None) => {
                self.charge(2)?;
                Ok(Val::Optional(None))
            }
            Val::Optional(Some(value)) => {
                // The macro asks whether there is a value, takes it (the operand is worked out twice) and binds it.
                self.charge(again.saturating_add(cost::LIST).saturating_add(if flat { 2 } else { 3 }))?;
                let result = self.within([(*value).clone()], |machine| machine.run(body))?;
                match (flat, result) {
                    (false, result) => Ok(Val::some(result)),
                    (true, result @ Val::Optional(_)) => Ok(result),
                    (true, other) => Err(overload("optFlatMap", &[other])),
                }
            }
            other => Err(overload("optMap", &[other])),
        }
    }
}

/// A function of strings or lists costs a tenth of a step per character or element, as the API server counts.
fn size_of_all(args: &[Val<'_>]) -> u64 {
    let sizes = args.iter().map(|argument| match argument {
        Val::Str(text) => text.len() as u64,
        Val::Bytes(bytes) => bytes.len() as u64,
        Val::List(list) => list.len() as u64,
        Val::Map(Map::Json(json)) => json.len() as u64,
        _ => 0,
    });
    sizes.sum::<u64>() / 10
}

/// Bytes of what a function made, or gave back.
fn bytes_of(value: &Val<'_>) -> usize {
    match value {
        Val::Str(Text::Shared(text)) => text.len(),
        Val::Bytes(bytes) => bytes.len(),
        Val::List(List::Items(items)) => size_of_val(&**items),
        _ => 0,
    }
}

/// Steps that a field takes: an object of a document is searched from its head.
fn search_field(operand: &Val<'_>) -> u64 {
    match operand {
        Val::Map(map) => map.search(),
        Val::Optional(Some(inner)) => search_field(inner),
        _ => 0,
    }
}

/// Steps that an index takes: a key is looked at, and a document is searched from its head.
fn search(operand: &Val<'_>, index: &Val<'_>) -> u64 {
    match (operand, index) {
        (Val::Map(map), Val::Str(key)) => map.search() + key.len() as u64 / 10,
        (Val::List(list), Val::Int(index)) => list.walk(usize::try_from(*index).unwrap_or(0)),
        (Val::List(list), _) => list.walk(list.len()),
        (Val::Optional(Some(inner)), index) => search(inner, index),
        _ => 0,
    }
}

fn has<'a>(operand: &Val<'a>, field: &str) -> Outcome<'a> {
    match operand {
        Val::Map(map) => Ok(Val::Bool(map.field(field).is_some())),
        Val::Optional(None) => Ok(Val::Bool(false)),
        Val::Optional(Some(inner)) => has(inner, field),
        other => Err(overload("has", std::slice::from_ref(other))),
    }
}

fn optional_field<'a>(operand: &Val<'a>, field: &str) -> Outcome<'a> {
    match operand {
        Val::Map(map) => Ok(Val::Optional(map.field(field).map(Arc::new))),
        Val::Optional(None) => Ok(Val::Optional(None)),
        Val::Optional(Some(inner)) => optional_field(inner, field),
        other => Err(overload(".?", std::slice::from_ref(other))),
    }
}

fn optional_index<'a>(operand: &Val<'a>, index: &Val<'a>) -> Outcome<'a> {
    match operand {
        Val::Optional(None) => Ok(Val::Optional(None)),
        Val::Optional(Some(inner)) => optional_index(inner, index),
        Val::Map(map) => map.get(index).map(|value| Val::Optional(value.map(Arc::new))),
        Val::List(list) => Ok(Val::Optional(position(index)?.and_then(|index| list.get(index)).map(Arc::new))),
        other => Err(overload("[?]", &[other.clone(), index.clone()])),
    }
}

fn at<'a>(operand: &Val<'a>, index: &Val<'a>) -> Outcome<'a> {
    match operand {
        Val::Map(map) => map.get(index)?.ok_or_else(|| Error::NoSuchKey(crate::functions::display(index))),
        Val::List(list) => element(list, index),
        Val::Optional(None) => Ok(Val::Optional(None)),
        Val::Optional(Some(inner)) => optional_index(inner, index),
        other => Err(overload("[]", &[other.clone(), index.clone()])),
    }
}

fn element<'a>(list: &List<'a>, index: &Val<'a>) -> Outcome<'a> {
    let found = position(index)?.and_then(|position| list.get(position));
    found.ok_or_else(|| match index {
        Val::Int(index) => Error::IndexOutOfRange(*index),
        _ => Error::Invalid("index out of bounds".to_owned()),
    })
}

/// The position that a number names; none where it is negative.
fn position(index: &Val<'_>) -> Result<Option<usize>, Error> {
    match index {
        Val::Int(index) => Ok(usize::try_from(*index).ok()),
        Val::UInt(index) => Ok(usize::try_from(*index).ok()),
        Val::Double(double) if double.fract() == 0.0 => match crate::value::Key::of(&Val::Double(*double)) {
            Some(crate::value::Key::Int(index)) => Ok(usize::try_from(index).ok()),
            _ => Ok(None),
        },
        other => Err(overload("list index", std::slice::from_ref(other))),
    }
}
