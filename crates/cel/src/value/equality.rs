//! Equality and order: numbers of different types compare by value, values of different kinds are unequal.

use std::cmp::Ordering;

use super::{Error, Val, overload};

/// `a == b`. NaN equals nothing.
pub fn equal(a: &Val<'_>, b: &Val<'_>) -> bool {
    match (a, b) {
        (Val::Null, Val::Null) => true,
        (Val::Bool(a), Val::Bool(b)) => a == b,
        (Val::Str(a), Val::Str(b)) => **a == **b,
        (Val::Bytes(a), Val::Bytes(b)) => a == b,
        (Val::Duration(a), Val::Duration(b)) | (Val::Timestamp(a), Val::Timestamp(b)) => a == b,
        (Val::Type(a), Val::Type(b)) => a == b,
        (Val::Ip(a), Val::Ip(b)) => a.to_canonical() == b.to_canonical(),
        (Val::Cidr { address: a, prefix: p }, Val::Cidr { address: b, prefix: q }) => a == b && p == q,
        (Val::Optional(a), Val::Optional(b)) => match (a, b) {
            (Some(a), Some(b)) => equal(a, b),
            (None, None) => true,
            _ => false,
        },
        (Val::List(a), Val::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(&a, &b)),
        (Val::Map(a), Val::Map(b)) => {
            a.len() == b.len()
                && a.entries().all(|(key, value)| matches!(b.get(&key), Ok(Some(other)) if equal(&value, &other)))
        }
        (a, b) => numbers(a, b) == Some(Ordering::Equal),
    }
}

/// The order of two values.
///
/// # Errors
/// The types have no common order.
pub fn compare(function: &str, a: &Val<'_>, b: &Val<'_>) -> Result<Option<Ordering>, Error> {
    Ok(match (a, b) {
        (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(b)),
        (Val::Str(a), Val::Str(b)) => Some((**a).cmp(&**b)),
        (Val::Bytes(a), Val::Bytes(b)) => Some(a.cmp(b)),
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
