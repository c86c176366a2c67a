//! Equality and order: numbers of different types compare by value, values of different kinds are unequal.

use std::cmp::Ordering;

use super::{Error, List, Map, Val, overload};
use crate::meter::Meter;

/// `a == b`. NaN equals nothing.
pub fn equal(a: &Val<'_>, b: &Val<'_>) -> bool {
    equal_within(a, b, &mut Meter::unlimited()) == Ok(true)
}

/// `a == b`, paid for by what is looked at: values that share their parts may be far larger than what made them.
///
/// # Errors
/// The limit is exceeded.
pub(crate) fn equal_within(a: &Val<'_>, b: &Val<'_>, meter: &mut Meter) -> Result<bool, Error> {
    Ok(match (a, b) {
        (Val::Null, Val::Null) => true,
        (Val::Bool(a), Val::Bool(b)) => a == b,
        (Val::Str(a), Val::Str(b)) => {
            meter.read(a.len().min(b.len()))?;
            **a == **b
        }
        (Val::Bytes(a), Val::Bytes(b)) => {
            meter.read(a.len().min(b.len()))?;
            a == b
        }
        (Val::Duration(a), Val::Duration(b)) | (Val::Timestamp(a), Val::Timestamp(b)) => a == b,
        (Val::Type(a), Val::Type(b)) => a == b,
        (Val::Ip(a), Val::Ip(b)) => a.to_canonical() == b.to_canonical(),
        (Val::Cidr { address: a, prefix: p }, Val::Cidr { address: b, prefix: q }) => a == b && p == q,
        (Val::Opaque(a), Val::Opaque(b)) => a == b,
        (Val::Optional(a), Val::Optional(b)) => match (a, b) {
            (Some(a), Some(b)) => {
                meter.pay(1)?;
                equal_within(a, b, meter)?
            }
            (None, None) => true,
            _ => false,
        },
        (Val::List(a), Val::List(b)) => a.len() == b.len() && same_items(a, b, meter)?,
        (Val::Map(a), Val::Map(b)) => a.len() == b.len() && same_entries(a, b, meter)?,
        (a, b) => numbers(a, b) == Some(Ordering::Equal),
    })
}

fn same_items(a: &List<'_>, b: &List<'_>, meter: &mut Meter) -> Result<bool, Error> {
    // Going through a list costs something of its own, which counts where lists are short and many.
    meter.pay(2)?;
    for (a, b) in a.iter().zip(b.iter()) {
        meter.pay(1)?;
        if !equal_within(&a, &b, meter)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_entries(a: &Map<'_>, b: &Map<'_>, meter: &mut Meter) -> Result<bool, Error> {
    for (key, value) in a.entries() {
        meter.pay(4 + b.search())?;
        match b.get(&key) {
            Ok(Some(other)) if equal_within(&value, &other, meter)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// The order of two values.
///
/// # Errors
/// The types have no common order.
pub fn compare(function: &str, a: &Val<'_>, b: &Val<'_>) -> Result<Option<Ordering>, Error> {
    compare_within(function, a, b, &mut Meter::unlimited())
}

/// The order of two values, paid for by their length.
///
/// # Errors
/// The types have no common order, or the limit is exceeded.
pub(crate) fn compare_within(
    function: &str,
    a: &Val<'_>,
    b: &Val<'_>,
    meter: &mut Meter,
) -> Result<Option<Ordering>, Error> {
    Ok(match (a, b) {
        (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(b)),
        (Val::Str(a), Val::Str(b)) => {
            meter.read(a.len().min(b.len()))?;
            Some((**a).cmp(&**b))
        }
        (Val::Bytes(a), Val::Bytes(b)) => {
            meter.read(a.len().min(b.len()))?;
            Some(a.cmp(b))
        }
        (Val::Duration(a), Val::Duration(b)) | (Val::Timestamp(a), Val::Timestamp(b)) => Some(a.cmp(b)),
        (Val::Int(_) | Val::UInt(_) | Val::Double(_), Val::Int(_) | Val::UInt(_) | Val::Double(_)) => numbers(a, b),
        (a, b) => return Err(overload(function, &[a.clone(), b.clone()])),
    })
}

/// The order of two numbers; none where one is NaN or no number.
fn numbers(a: &Val<'_>, b: &Val<'_>) -> Option<Ordering> {
    match (a, b) {
        (Val::Int(a), Val::Int(b)) => Some(a.cmp(b)),
        (Val::UInt(a), Val::UInt(b)) => Some(a.cmp(b)),
        (Val::Double(a), Val::Double(b)) => a.partial_cmp(b),
        (Val::Int(a), Val::UInt(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Val::UInt(a), Val::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Val::Int(a), Val::Double(b)) => with_double(i128::from(*a), *b),
        (Val::UInt(a), Val::Double(b)) => with_double(i128::from(*a), *b),
        (Val::Double(a), Val::Int(b)) => with_double(i128::from(*b), *a).map(Ordering::reverse),
        (Val::Double(a), Val::UInt(b)) => with_double(i128::from(*b), *a).map(Ordering::reverse),
        _ => None,
    }
}

/// The integer is rounded to a double first, as cel-go does: numbers beyond 2^53 may compare equal.
#[expect(clippy::cast_precision_loss, reason = "the loss is what the language defines")]
fn with_double(integer: i128, double: f64) -> Option<Ordering> {
    (integer as f64).partial_cmp(&double)
}
