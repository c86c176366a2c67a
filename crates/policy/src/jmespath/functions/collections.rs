//! Standard functions of lists and maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::eval::Machine;
use super::super::value::{Map, Outcome, Val};
use super::Args;

pub(super) fn contains<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let wanted = args.value(1)?;
    match (args.value(0)?, wanted) {
        (Val::Text(text), Val::Text(part)) => {
            machine.pay_text(text.len())?;
            Ok(Val::Bool(text.contains(&**part)))
        }
        (Val::Text(_), _) => Ok(Val::Bool(false)),
        (Val::List(list), wanted) => {
            for item in list.iter() {
                if machine.equal(&item, wanted)? {
                    return Ok(Val::Bool(true));
                }
            }
            Ok(Val::Bool(false))
        }
        _ => Err(args.not(0, "array or string")),
    }
}

pub(super) fn keys<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let map = args.map(0)?;
    machine.pay_map(map)?;
    Ok(Val::list(map.iter().map(|(key, _)| Val::Text(key)).collect()))
}

pub(super) fn values<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let map = args.map(0)?;
    machine.pay_map(map)?;
    Ok(Val::list(map.iter().map(|(_, value)| value).collect()))
}

pub(super) fn length<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let length = match args.value(0)? {
        Val::Text(text) => {
            machine.pay_text(text.len())?;
            text.chars().count()
        }
        Val::List(list) => list.len(),
        Val::Map(map) => map.len(),
        _ => return Err(args.not(0, "string, array or object")),
    };
    Ok(Val::Number(u32::try_from(length).unwrap_or(u32::MAX).into()))
}

/// Nulls stay: the only projection that keeps them.
pub(super) fn map<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let node = args.expression(0)?;
    let items: Result<Vec<_>, _> = args.list(1)?.iter().map(|item| machine.lenient(node, &item)).collect();
    Ok(Val::list(items?))
}

pub(super) fn merge<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let mut merged = BTreeMap::new();
    for at in 0..args.list.len() {
        let map = args.map(at)?;
        machine.pay_map(map)?;
        merged.extend(map.iter());
    }
    Ok(Val::Map(Map::Entries(Arc::new(merged))))
}

pub(super) fn not_null<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let found = args.values()?.into_iter().find(|value| !matches!(value, Val::Null));
    Ok(found.cloned().unwrap_or(Val::Null))
}

pub(super) fn reverse<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    match args.value(0)? {
        Val::Text(text) => {
            machine.pay_text(text.len())?;
            Ok(Val::text(text.chars().rev().collect::<String>()))
        }
        Val::List(list) => {
            machine.pay(list.len() as u64)?;
            let mut items: Vec<_> = list.iter().collect();
            items.reverse();
            Ok(Val::list(items))
        }
        _ => Err(args.not(0, "array or string")),
    }
}

pub(super) fn to_array<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(match args.value(0)? {
        list @ Val::List(_) => list.clone(),
        other => Val::list(vec![other.clone()]),
    })
}
