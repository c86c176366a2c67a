//! The function library, by name. Overloads are chosen by the types of the arguments when called.

mod collections;
mod conversions;
mod encoders;
mod format;
mod math;
mod network;
mod optionals;
mod sets;
mod strings;
mod times;

use regex::Regex;

use crate::value::{Error, Outcome, Text, Val, overload};

pub(crate) use conversions::display;

/// A function: its name (for errors) and its arguments, the target of a method first.
pub(crate) type Function = for<'a, 'b, 'c> fn(&'b str, &'c [Val<'a>]) -> Outcome<'a>;

type Entry = (&'static str, Function);

const GLOBALS: [&[Entry]; 8] = [
    collections::GLOBALS,
    conversions::GLOBALS,
    encoders::GLOBALS,
    math::GLOBALS,
    network::GLOBALS,
    optionals::GLOBALS,
    sets::GLOBALS,
    strings::GLOBALS,
];

const METHODS: [&[Entry]; 6] =
    [collections::METHODS, format::METHODS, network::METHODS, optionals::METHODS, strings::METHODS, times::METHODS];

/// The function called `name(..)`, which may be dotted.
pub(crate) fn global(name: &str) -> Option<Entry> {
    find(&GLOBALS, name)
}

/// The function called `target.name(..)`.
pub(crate) fn method(name: &str) -> Option<Entry> {
    find(&METHODS, name)
}

fn find(tables: &[&[Entry]], name: &str) -> Option<Entry> {
    tables.iter().flat_map(|table| table.iter()).find(|(entry, _)| *entry == name).copied()
}

/// Patterns larger than this when compiled are refused.
const PATTERN_SIZE: usize = 1 << 20;

/// Compiles an RE2-like pattern: linear time, no look-around.
///
/// # Errors
/// The pattern is none, or too large.
pub(crate) fn pattern(text: &str) -> Result<Regex, String> {
    regex::RegexBuilder::new(text)
        .size_limit(PATTERN_SIZE)
        .build()
        .map_err(|_| format!("`{text}` is no regular expression"))
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
