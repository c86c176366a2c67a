//! Equality by value, within a number of steps: shared parts make a small value large when it is walked.

use super::{Error, List, Map, Val};

/// # Errors
/// More than `steps` comparisons.
pub(in super::super) fn equal(one: &Val<'_>, other: &Val<'_>, steps: &mut u64) -> Result<bool, Error> {
    *steps = steps.checked_sub(1).ok_or(Error::Limit("steps"))?;
    Ok(match (one, other) {
        (Val::Null, Val::Null) => true,
        (Val::Bool(one), Val::Bool(other)) => one == other,
        (Val::Number(one), Val::Number(other)) => one == other,
        (Val::Text(one), Val::Text(other)) => one == other,
        (Val::List(one), Val::List(other)) => return lists(one, other, steps),
        (Val::Map(one), Val::Map(other)) => return maps(one, other, steps),
        _ => false,
    })
}

fn lists(one: &List<'_>, other: &List<'_>, steps: &mut u64) -> Result<bool, Error> {
    if one.len() != other.len() {
        return Ok(false);
    }
    for (one, other) in one.iter().zip(other.iter()) {
        if !equal(&one, &other, steps)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn maps(one: &Map<'_>, other: &Map<'_>, steps: &mut u64) -> Result<bool, Error> {
    if one.len() != other.len() {
        return Ok(false);
    }
    for ((one_key, one), (other_key, other)) in one.sorted().iter().zip(&other.sorted()) {
        if one_key != other_key || !equal(one, other, steps)? {
            return Ok(false);
        }
    }
    Ok(true)
}
