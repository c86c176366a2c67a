//! Reading texts as data, and taking lists and maps apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};

use super::super::eval::Machine;
use super::super::functions::Args;
use super::super::value::{Map, Outcome, Text, Val, integer};
use super::patterns::single;

pub(super) fn parse_json<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = args.text(0)?;
    machine.pay(1 + text.len() as u64)?;
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => Ok(Val::from_json(&json)),
        Err(cause) => args.failed(format!("the text is no JSON: {cause}")),
    }
}

/// The first document.
pub(super) fn parse_yaml<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = args.text(0)?;
    machine.pay(1 + 2 * text.len() as u64)?;
    let limits = Limits { nodes: 100_000, copies: 10_000, ..Limits::STANDARD };
    let source = Arc::new(SourceText::new("parse_yaml", &**text));
    match Document::all_from_yaml(&source, &limits) {
        (documents, None) => Ok(documents.first().map_or(Val::Null, |document| Val::from_document(document.root()))),
        (_, Some(mistake)) => args.failed(format!("the text is no YAML: {}", mistake.message)),
    }
}

/// What is not there is null.
pub(super) fn lookup<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let found = match args.value(0)? {
        Val::Map(map) => map.get(args.text(1)?),
        Val::List(list) => {
            machine.pay(1 + list.len() as u64 / 16)?;
            let Some(index) = integer(args.number(1)?) else { return Err(args.not(1, "whole number")) };
            usize::try_from(index).ok().and_then(|index| list.get(index))
        }
        _ => return Err(args.not(0, "object or array")),
    };
    Ok(found.unwrap_or(Val::Null))
}

/// A map for each entry or element, with its key or position, and its value.
pub(super) fn items<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (key_name, value_name) = (args.text(1)?, args.text(2)?);
    let item = |key, value| Val::map([(key_name.clone(), key), (value_name.clone(), value)]);
    match args.value(0)? {
        Val::Map(map) => {
            machine.pay(1 + 2 * map.len() as u64)?;
            Ok(Val::list(map.sorted().into_iter().map(|(key, value)| item(Val::Text(key), value)).collect()))
        }
        Val::List(list) => {
            machine.pay(1 + 2 * list.len() as u64)?;
            let positions = (0u32..).map(|position| Val::Number(position.into()));
            Ok(Val::list(positions.zip(list.iter()).map(|(position, value)| item(position, value)).collect()))
        }
        _ => Err(args.not(0, "object or array")),
    }
}

/// Keys without a value get null.
pub(super) fn object_from_lists<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (keys, values) = (args.list(0)?, args.list(1)?);
    machine.pay(1 + 2 * keys.len() as u64)?;
    let mut entries = BTreeMap::new();
    let values = values.iter().chain(std::iter::repeat(Val::Null));
    for (key, value) in keys.iter().zip(values) {
        let key = match key {
            Val::Text(text) => text,
            Val::Number(number) => Text::from(single(number).as_str()),
            Val::Bool(value) => Text::Borrowed(if value { "true" } else { "false" }),
            _ => return Err(args.not(0, "array of strings")),
        };
        entries.insert(key, value);
    }
    Ok(Val::Map(Map::Entries(Arc::new(entries))))
}
