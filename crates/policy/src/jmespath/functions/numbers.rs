//! Standard functions of numbers.

use super::super::eval::Machine;
use super::super::value::{Outcome, Val};
use super::Args;

pub(super) fn abs<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(Val::Number(args.number(0)?.abs()))
}

pub(super) fn ceil<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(Val::Number(args.number(0)?.ceil()))
}

pub(super) fn floor<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(Val::Number(args.number(0)?.floor()))
}

pub(super) fn avg<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let numbers = args.numbers(0)?;
    machine.pay(numbers.len() as u64)?;
    if numbers.is_empty() {
        return Ok(Val::Null);
    }
    let count: f64 = numbers.iter().map(|_| 1.0).sum();
    Ok(Val::Number(numbers.iter().sum::<f64>() / count))
}

pub(super) fn sum<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let numbers = args.numbers(0)?;
    machine.pay(numbers.len() as u64)?;
    // Not `sum()`, which starts from -0.
    Ok(Val::Number(numbers.iter().fold(0.0, |total, number| total + number)))
}

/// Text that is a number becomes one; what is neither becomes null.
pub(super) fn to_number<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(match args.value(0)? {
        Val::Number(number) => Val::Number(*number),
        Val::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => {
            text.parse().ok().filter(|number: &f64| number.is_finite()).map_or(Val::Null, Val::Number)
        }
        _ => Val::Null,
    })
}
