//! Lists as sets.

use super::{MeteredEntry, no};
use crate::meter::Meter;
use crate::value::{Error, List, Outcome, Val, equal_within};

pub(super) const METERED_GLOBALS: &[MeteredEntry] =
    &[("sets.contains", contains), ("sets.equivalent", equivalent), ("sets.intersects", intersects)];

/// Whether a list has a value.
///
/// # Errors
/// The limit is exceeded.
pub(crate) fn has(list: &List<'_>, wanted: &Val<'_>, meter: &mut Meter) -> Result<bool, Error> {
    for item in list.iter() {
        meter.pay(1)?;
        if equal_within(&item, wanted, meter)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn covers(outer: &List<'_>, inner: &List<'_>, meter: &mut Meter) -> Result<bool, Error> {
    for item in inner.iter() {
        if !has(outer, &item, meter)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn contains<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    match args {
        [Val::List(outer), Val::List(inner)] => covers(outer, inner, meter).map(Val::Bool),
        _ => no(name, args),
    }
}

fn equivalent<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    match args {
        [Val::List(a), Val::List(b)] => Ok(Val::Bool(covers(a, b, meter)? && covers(b, a, meter)?)),
        _ => no(name, args),
    }
}

fn intersects<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::List(a), Val::List(b)] = args else { return no(name, args) };
    for item in a.iter() {
        if has(b, &item, meter)? {
            return Ok(Val::Bool(true));
        }
    }
    Ok(Val::Bool(false))
}
