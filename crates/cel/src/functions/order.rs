//! The order of quantities and versions, which share their functions' names.

use std::cmp::Ordering;

use super::{Entry, no};
use crate::value::{Opaque, Outcome, Val};

pub(super) const METHODS: &[Entry] = &[
    ("compareTo", |name, args| order(name, args, |order| Val::Int(order as i64))),
    ("isLessThan", |name, args| order(name, args, |order| Val::Bool(order == Ordering::Less))),
    ("isGreaterThan", |name, args| order(name, args, |order| Val::Bool(order == Ordering::Greater))),
];

fn order<'a>(name: &str, args: &[Val<'a>], answer: fn(Ordering) -> Val<'static>) -> Outcome<'a> {
    let [Val::Opaque(a), Val::Opaque(b)] = args else { return no(name, args) };
    match (&**a, &**b) {
        (Opaque::Quantity(a), Opaque::Quantity(b)) => Ok(answer(a.cmp(b))),
        (Opaque::Semver(a), Opaque::Semver(b)) => Ok(answer(a.cmp(b))),
        _ => no(name, args),
    }
}
