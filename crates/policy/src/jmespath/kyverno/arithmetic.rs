//! Arithmetic of numbers, quantities and durations. What is text and both (`5m`) is a quantity.

use super::super::eval::Machine;
use super::super::functions::Args;
use super::super::value::{Error, Outcome, Val, integer};
use super::duration;
use super::quantity::Quantity;

#[derive(Debug, Clone, Copy)]
enum Operand {
    Number(f64),
    Quantity(Quantity),
    Duration(i64),
}

fn operand(value: &Val<'_>) -> Option<Operand> {
    match value {
        Val::Number(number) => Some(Operand::Number(*number)),
        Val::Text(text) => {
            let quantity = Quantity::parse(text).map(Operand::Quantity);
            quantity.or_else(|| duration::parse(text).map(Operand::Duration))
        }
        _ => None,
    }
}

fn operands(args: &Args<'_, '_>) -> Result<(Operand, Operand), Error> {
    let one = |at| match operand(args.value(at)?) {
        Some(operand) => Ok(operand),
        None => Err(args.not(at, "number, quantity or duration")),
    };
    Ok((one(0)?, one(1)?))
}

fn mismatch<T>(args: &Args<'_, '_>) -> Result<T, Error> {
    args.failed("numbers, quantities and durations do not mix this way")
}

fn value<'a>(args: &Args<'_, '_>, result: Option<Operand>) -> Outcome<'a> {
    match result {
        Some(Operand::Number(number)) if number.is_finite() => Ok(Val::Number(number)),
        Some(Operand::Quantity(quantity)) => Ok(Val::text(quantity.to_string())),
        Some(Operand::Duration(nanos)) => Ok(Val::text(duration::text(nanos))),
        _ => args.failed("the result is out of range"),
    }
}

fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

fn from_seconds(seconds: f64) -> Option<Operand> {
    whole(seconds * 1e9).map(Operand::Duration)
}

/// Without what is behind the point.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "its size is checked")]
    (number.abs() < 9.2e18).then_some(number as i64)
}

fn sum_of(one: Operand, other: Operand) -> Option<Option<Operand>> {
    Some(match (one, other) {
        (Operand::Number(one), Operand::Number(other)) => Some(Operand::Number(one + other)),
        (Operand::Quantity(one), Operand::Quantity(other)) => one.plus(other).map(Operand::Quantity),
        (Operand::Duration(one), Operand::Duration(other)) => one.checked_add(other).map(Operand::Duration),
        _ => return None,
    })
}

pub(super) fn add<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (one, other) = operands(args)?;
    sum_of(one, other).map_or_else(|| mismatch(args), |sum| value(args, sum))
}

pub(super) fn sum<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let list = args.list(0)?;
    machine.pay(1 + list.len() as u64)?;
    let mut items = list.iter();
    let Some(first) = items.next() else { return args.failed("the list is empty") };
    let Some(second) = items.next() else { return Ok(first) };
    let read = |item: &Val<'_>| operand(item).ok_or_else(|| args.not(0, "array of numbers, quantities or durations"));
    let mut total = read(&first)?;
    for item in std::iter::once(second).chain(items) {
        total = match sum_of(total, read(&item)?) {
            Some(Some(sum)) => sum,
            Some(None) => return value(args, None),
            None => return mismatch(args),
        };
    }
    value(args, Some(total))
}

pub(super) fn subtract<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let difference = match operands(args)? {
        (Operand::Number(one), Operand::Number(other)) => Some(Operand::Number(one - other)),
        (Operand::Quantity(one), Operand::Quantity(other)) => one.minus(other).map(Operand::Quantity),
        (Operand::Duration(one), Operand::Duration(other)) => one.checked_sub(other).map(Operand::Duration),
        _ => return mismatch(args),
    };
    value(args, difference)
}

pub(super) fn multiply<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let product = match operands(args)? {
        (Operand::Number(one), Operand::Number(other)) => Some(Operand::Number(one * other)),
        (Operand::Quantity(quantity), Operand::Number(number))
        | (Operand::Number(number), Operand::Quantity(quantity)) => {
            Quantity::of(number).and_then(|factor| quantity.times(factor)).map(Operand::Quantity)
        }
        (Operand::Duration(nanos), Operand::Number(number)) | (Operand::Number(number), Operand::Duration(nanos)) => {
            from_seconds(seconds(nanos) * number)
        }
        _ => return mismatch(args),
    };
    value(args, product)
}

pub(super) fn divide<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (one, other) = operands(args)?;
    refuse_zero(args, other)?;
    let quotient = match (one, other) {
        (Operand::Number(one), Operand::Number(other)) => Some(Operand::Number(one / other)),
        (Operand::Quantity(one), Operand::Quantity(other)) => Some(Operand::Number(one.about() / other.about())),
        (Operand::Quantity(quantity), Operand::Number(number)) => {
            Quantity::of(number).and_then(|divisor| quantity.divided_by(divisor)).map(Operand::Quantity)
        }
        (Operand::Duration(one), Operand::Duration(other)) => Some(Operand::Number(seconds(one) / seconds(other))),
        (Operand::Duration(nanos), Operand::Number(number)) => from_seconds(seconds(nanos) / number),
        _ => return mismatch(args),
    };
    value(args, quotient)
}

pub(super) fn modulo<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (one, other) = operands(args)?;
    refuse_zero(args, other)?;
    let rest = match (one, other) {
        (Operand::Number(one), Operand::Number(other)) => match (integer(one), integer(other)) {
            (Some(_), Some(_)) => Operand::Number(one % other),
            _ => return args.failed("only whole numbers have a rest"),
        },
        (Operand::Quantity(one), Operand::Quantity(other)) => match one.rest(other) {
            Some(rest) => Operand::Quantity(rest),
            None => return args.failed("only whole quantities have a rest"),
        },
        // The smallest duration by -1 would overflow; its rest is 0 like any other's.
        (Operand::Duration(one), Operand::Duration(other)) => Operand::Duration(one.checked_rem(other).unwrap_or(0)),
        _ => return mismatch(args),
    };
    value(args, Some(rest))
}

fn refuse_zero(args: &Args<'_, '_>, divisor: Operand) -> Result<(), Error> {
    let is_zero = match divisor {
        Operand::Number(number) => number == 0.0,
        Operand::Quantity(quantity) => quantity.is_zero(),
        Operand::Duration(nanos) => nanos == 0,
    };
    if is_zero { args.failed("nothing can be divided by zero") } else { Ok(()) }
}

/// Half away from zero, to so many decimal places.
pub(super) fn round<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (number, places) = (args.number(0)?, args.number(1)?);
    let Some(places) = integer(places).and_then(|places| i32::try_from(places).ok()).filter(|places| *places >= 0)
    else {
        return args.failed("the number of places must be whole and not negative");
    };
    let shift = 10f64.powi(places);
    value(args, Some(Operand::Number((number * shift).round() / shift)))
}
