//! The Kubernetes library for quantities.

use super::{Entry, invalid, no};
use crate::quantity::Quantity;
use crate::value::{Opaque, Outcome, Val};

pub(super) const GLOBALS: &[Entry] = &[("quantity", quantity), ("isQuantity", is_quantity), ("sign", sign)];

pub(super) const METHODS: &[Entry] = &[
    ("sign", sign),
    ("isInteger", is_integer),
    ("asInteger", as_integer),
    ("asApproximateFloat", as_float),
    ("add", |name, args| arithmetic(name, args, Quantity::add)),
    ("sub", |name, args| arithmetic(name, args, Quantity::sub)),
];

fn quantity<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(text)] = args else { return no(name, args) };
    match Quantity::parse(text) {
        Some(quantity) => Ok(Val::opaque(Opaque::Quantity(quantity))),
        None => invalid(format!("`{}` is no quantity; write it as `1.5Gi` or `250m`", &**text)),
    }
}

fn is_quantity<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => Ok(Val::Bool(Quantity::parse(text).is_some())),
        _ => no(name, args),
    }
}

fn of<'v>(value: &'v Val<'_>) -> Option<&'v Quantity> {
    match value {
        Val::Opaque(opaque) => match &**opaque {
            Opaque::Quantity(quantity) => Some(quantity),
            _ => None,
        },
        _ => None,
    }
}

fn single<'a>(name: &str, args: &[Val<'a>], answer: impl Fn(&Quantity) -> Outcome<'a>) -> Outcome<'a> {
    match args {
        [value] => of(value).map_or_else(|| no(name, args), answer),
        _ => no(name, args),
    }
}

fn sign<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    single(name, args, |quantity| Ok(Val::Int(quantity.sign())))
}

fn is_integer<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    single(name, args, |quantity| Ok(Val::Bool(quantity.integer().is_some())))
}

fn as_integer<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    single(name, args, |quantity| match quantity.integer() {
        Some(integer) => Ok(Val::Int(integer)),
        None => invalid(format!("the quantity {quantity} is no integer of 64 bits")),
    })
}

fn as_float<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    single(name, args, |quantity| Ok(Val::Double(quantity.approximate())))
}

fn arithmetic<'a>(name: &str, args: &[Val<'a>], join: fn(&Quantity, &Quantity) -> Quantity) -> Outcome<'a> {
    let [first, second] = args else { return no(name, args) };
    let Some(quantity) = of(first) else { return no(name, args) };
    let result = match (second, of(second)) {
        (Val::Int(integer), _) => join(quantity, &Quantity::of(*integer)),
        (_, Some(other)) => join(quantity, other),
        _ => return no(name, args),
    };
    Ok(Val::opaque(Opaque::Quantity(result)))
}
