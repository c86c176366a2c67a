//! Optional values.

use std::sync::Arc;

use super::{Entry, invalid, no};
use crate::value::{Error, Outcome, Val};

pub(super) const GLOBALS: &[Entry] = &[
    ("optional.of", of),
    ("optional.none", none),
    ("optional.ofNonZeroValue", of_non_zero),
    ("optional.unwrap", unwrap),
];

pub(super) const METHODS: &[Entry] =
    &[("hasValue", has_value), ("value", value), ("or", or), ("orValue", or_value), ("unwrapOpt", unwrap)];

fn of<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [value] => Ok(Val::some(value.clone())),
        _ => no(name, args),
    }
}

fn none<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    if args.is_empty() { Ok(Val::Optional(None)) } else { no(name, args) }
}

fn of_non_zero<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [value] if value.is_zero() => Ok(Val::Optional(None)),
        [value] => Ok(Val::some(value.clone())),
        _ => no(name, args),
    }
}

fn has_value<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Optional(value)] => Ok(Val::Bool(value.is_some())),
        _ => no(name, args),
    }
}

fn value<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Optional(Some(value))] => Ok((**value).clone()),
        [Val::Optional(None)] => invalid("`optional.none()` has no value"),
        _ => no(name, args),
    }
}

fn or<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [first @ Val::Optional(Some(_)), Val::Optional(_)] => Ok(first.clone()),
        [Val::Optional(None), second @ Val::Optional(_)] => Ok(second.clone()),
        _ => no(name, args),
    }
}

fn or_value<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Optional(Some(value)), _] => Ok((**value).clone()),
        [Val::Optional(None), other] => Ok(other.clone()),
        _ => no(name, args),
    }
}

/// `orValue` where a value that is no optional stands for itself.
pub(crate) fn or_value_leniently<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Optional(_), _] => or_value(name, args),
        [value, _] => Ok(value.clone()),
        _ => no(name, args),
    }
}

/// The values of a list of optionals, without those that are none.
fn unwrap<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::List(list)] = args else { return no(name, args) };
    let mut values = Vec::new();
    for item in list.iter() {
        match item {
            Val::Optional(value) => values.extend(value.map(|value: Arc<Val<'a>>| (*value).clone())),
            other => {
                return Err(Error::NoSuchOverload { function: name.to_owned(), types: other.type_name().to_owned() });
            }
        }
    }
    Ok(Val::list(values))
}
