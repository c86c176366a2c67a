//! The math library.

use std::cmp::Ordering;

use super::{Entry, invalid, no};
use crate::value::{Error, List, Outcome, Val, compare};

pub(super) const GLOBALS: &[Entry] = &[
    ("math.greatest", |name, args| extreme(name, args, Ordering::Greater)),
    ("math.least", |name, args| extreme(name, args, Ordering::Less)),
    ("math.ceil", |name, args| rounded(name, args, f64::ceil)),
    ("math.floor", |name, args| rounded(name, args, f64::floor)),
    ("math.round", |name, args| rounded(name, args, f64::round)),
    ("math.trunc", |name, args| rounded(name, args, f64::trunc)),
    ("math.isNaN", |name, args| tested(name, args, f64::is_nan)),
    ("math.isInf", |name, args| tested(name, args, f64::is_infinite)),
    ("math.isFinite", |name, args| tested(name, args, f64::is_finite)),
    ("math.abs", abs),
    ("math.sign", sign),
    ("math.sqrt", sqrt),
    ("math.bitAnd", |name, args| bits(name, args, |a, b| a & b)),
    ("math.bitOr", |name, args| bits(name, args, |a, b| a | b)),
    ("math.bitXor", |name, args| bits(name, args, |a, b| a ^ b)),
    ("math.bitNot", bit_not),
    ("math.bitShiftLeft", |name, args| shift(name, args, true)),
    ("math.bitShiftRight", |name, args| shift(name, args, false)),
];

fn is_number(value: &Val<'_>) -> bool {
    matches!(value, Val::Int(_) | Val::UInt(_) | Val::Double(_))
}

fn extreme<'a>(name: &str, args: &[Val<'a>], wanted: Ordering) -> Outcome<'a> {
    let items = match args {
        [] => return no(name, args),
        [Val::List(list)] => List::to_vec(list),
        several => several.to_vec(),
    };
    if !items.iter().all(is_number) {
        return no(name, args);
    }
    let mut items = items.into_iter();
    let mut best = items.next().ok_or_else(|| Error::Invalid(format!("`{name}` of an empty list")))?;
    for item in items {
        if compare(name, &item, &best)? == Some(wanted) {
            best = item;
        }
    }
    Ok(best)
}

fn rounded<'a>(name: &str, args: &[Val<'a>], round: fn(f64) -> f64) -> Outcome<'a> {
    match args {
        [Val::Double(value)] => Ok(Val::Double(round(*value))),
        _ => no(name, args),
    }
}

fn tested<'a>(name: &str, args: &[Val<'a>], test: fn(f64) -> bool) -> Outcome<'a> {
    match args {
        [Val::Double(value)] => Ok(Val::Bool(test(*value))),
        _ => no(name, args),
    }
}

fn abs<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Int(value)] => value.checked_abs().map(Val::Int).ok_or(Error::Overflow),
        [Val::UInt(value)] => Ok(Val::UInt(*value)),
        [Val::Double(value)] => Ok(Val::Double(value.abs())),
        _ => no(name, args),
    }
}

fn sign<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Int(value)] => Ok(Val::Int(value.signum())),
        [Val::UInt(value)] => Ok(Val::UInt((*value).min(1))),
        [Val::Double(value)] if value.is_nan() || *value == 0.0 => Ok(Val::Double(*value)),
        [Val::Double(value)] => Ok(Val::Double(value.signum())),
        _ => no(name, args),
    }
}

#[expect(clippy::cast_precision_loss, reason = "rounding to the nearest double is what the conversion means")]
fn sqrt<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Double(value)] => Ok(Val::Double(value.sqrt())),
        [Val::Int(value)] => Ok(Val::Double((*value as f64).sqrt())),
        [Val::UInt(value)] => Ok(Val::Double((*value as f64).sqrt())),
        _ => no(name, args),
    }
}

/// Both arguments signed, or both unsigned; the bits are the same.
fn bits<'a>(name: &str, args: &[Val<'a>], join: fn(u64, u64) -> u64) -> Outcome<'a> {
    match args {
        [Val::Int(a), Val::Int(b)] => Ok(Val::Int(join(a.cast_unsigned(), b.cast_unsigned()).cast_signed())),
        [Val::UInt(a), Val::UInt(b)] => Ok(Val::UInt(join(*a, *b))),
        _ => no(name, args),
    }
}

fn bit_not<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Int(value)] => Ok(Val::Int(!value)),
        [Val::UInt(value)] => Ok(Val::UInt(!value)),
        _ => no(name, args),
    }
}

/// Shifts by 64 and more give 0; the sign bit is a bit like others.
fn shift<'a>(name: &str, args: &[Val<'a>], left: bool) -> Outcome<'a> {
    let (number, signed, count) = match args {
        [Val::Int(number), Val::Int(count)] => (number.cast_unsigned(), true, *count),
        [Val::UInt(number), Val::Int(count)] => (*number, false, *count),
        _ => return no(name, args),
    };
    let Ok(count) = u32::try_from(count.min(64)) else { return invalid(format!("a shift by {count}")) };
    let shifted = if left { number.checked_shl(count) } else { number.checked_shr(count) }.unwrap_or(0);
    Ok(if signed { Val::Int(shifted.cast_signed()) } else { Val::UInt(shifted) })
}
