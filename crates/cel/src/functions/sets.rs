//! Lists as sets.

use super::{Entry, no};
use crate::value::{List, Outcome, Val, equal};

pub(super) const GLOBALS: &[Entry] =
    &[("sets.contains", contains), ("sets.equivalent", equivalent), ("sets.intersects", intersects)];

fn has(list: &List<'_>, wanted: &Val<'_>) -> bool {
    list.iter().any(|item| equal(&item, wanted))
}

fn covers(outer: &List<'_>, inner: &List<'_>) -> bool {
    inner.iter().all(|item| has(outer, &item))
}

fn contains<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::List(outer), Val::List(inner)] => Ok(Val::Bool(covers(outer, inner))),
        _ => no(name, args),
    }
}

fn equivalent<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::List(a), Val::List(b)] => Ok(Val::Bool(covers(a, b) && covers(b, a))),
        _ => no(name, args),
    }
}

fn intersects<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::List(a), Val::List(b)] => Ok(Val::Bool(a.iter().any(|item| has(b, &item)))),
        _ => no(name, args),
    }
}
