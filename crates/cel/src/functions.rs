//! The function library, by name. Overloads are chosen by the types of the arguments when called.

mod collections;
mod conversions;
mod encoders;
mod format;
mod formats;
mod gates;
mod lookup;
mod math;
mod network;
mod optionals;
mod order;
mod patterns;
mod quantities;
mod regexes;
mod sets;
mod strings;
mod times;
mod urls;
mod versions;

use crate::meter::Meter;
use crate::value::{Error, Outcome, Text, Val, overload};

pub(crate) use collections::sorted;
pub(crate) use conversions::display;
pub(crate) use gates::{Feature, introduced};
pub(crate) use optionals::or_value_leniently;
pub(crate) use patterns::pattern;
pub(crate) use sets::has;

/// A function: its name (for errors) and its arguments, the target of a method first.
///
/// Such a function looks at each element and character of its arguments once, which is paid for before it is called.
pub(crate) type Plain = for<'a, 'b, 'c> fn(&'b str, &'c [Val<'a>]) -> Outcome<'a>;

/// A function that looks deeper or makes more than its arguments show, and pays for it itself.
pub(crate) type Metered = for<'a, 'b, 'c, 'd> fn(&'b str, &'c [Val<'a>], &'d mut Meter) -> Outcome<'a>;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Function {
    Plain(Plain),
    Metered(Metered),
}

impl Function {
    pub(crate) fn call<'a>(self, name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
        match self {
            Self::Plain(function) => function(name, args),
            Self::Metered(function) => function(name, args, meter),
        }
    }
}

type Entry = (&'static str, Plain);

type MeteredEntry = (&'static str, Metered);

const GLOBALS: [&[Entry]; 10] = [
    collections::GLOBALS,
    conversions::GLOBALS,
    encoders::GLOBALS,
    formats::GLOBALS,
    math::GLOBALS,
    network::GLOBALS,
    optionals::GLOBALS,
    quantities::GLOBALS,
    urls::GLOBALS,
    versions::GLOBALS,
];

const METERED_GLOBALS: [&[MeteredEntry]; 4] =
    [collections::METERED_GLOBALS, regexes::METERED_GLOBALS, sets::METERED_GLOBALS, strings::METERED_GLOBALS];

const METHODS: [&[Entry]; 10] = [
    collections::METHODS,
    formats::METHODS,
    network::METHODS,
    optionals::METHODS,
    order::METHODS,
    quantities::METHODS,
    strings::METHODS,
    times::METHODS,
    urls::METHODS,
    versions::METHODS,
];

const METERED_METHODS: [&[MeteredEntry]; 6] = [
    collections::METERED_METHODS,
    format::METERED_METHODS,
    lookup::METERED_METHODS,
    regexes::METERED_METHODS,
    strings::METERED_METHODS,
    urls::METERED_METHODS,
];

/// The function called `name(..)`, which may be dotted.
pub(crate) fn global(name: &str) -> Option<(&'static str, Function)> {
    find(&GLOBALS, &METERED_GLOBALS, name)
}

/// The function called `target.name(..)`.
pub(crate) fn method(name: &str) -> Option<(&'static str, Function)> {
    find(&METHODS, &METERED_METHODS, name)
}

fn find(plain: &[&[Entry]], metered: &[&[MeteredEntry]], name: &str) -> Option<(&'static str, Function)> {
    let plain = plain.iter().flat_map(|table| table.iter()).find(|(entry, _)| *entry == name);
    let metered = || metered.iter().flat_map(|table| table.iter()).find(|(entry, _)| *entry == name);
    match plain {
        Some((name, function)) => Some((name, Function::Plain(*function))),
        None => metered().map(|(name, function)| (*name, Function::Metered(*function))),
    }
}

fn no<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    Err(overload(name, args))
}

fn invalid<'a>(message: impl Into<String>) -> Outcome<'a> {
    Err(Error::Invalid(message.into()))
}

fn string<'a>(text: impl AsRef<str>) -> Outcome<'a> {
    Ok(Val::Str(Text::Shared(text.as_ref().into())))
}
