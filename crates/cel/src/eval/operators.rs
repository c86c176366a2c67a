//! Arithmetic, comparison and membership. Integers never wrap: overflow is an error.

use std::cmp::Ordering;

use crate::ast::BinaryOperator;
use crate::functions::has;
use crate::meter::Meter;
use crate::time;
use crate::value::{Error, Outcome, Text, Val, compare_within, equal_within, overload};

pub(super) fn binary<'a>(operator: BinaryOperator, left: Val<'a>, right: Val<'a>, meter: &mut Meter) -> Outcome<'a> {
    match operator {
        BinaryOperator::Equal => equal_within(&left, &right, meter).map(Val::Bool),
        BinaryOperator::NotEqual => equal_within(&left, &right, meter).map(|same| Val::Bool(!same)),
        BinaryOperator::Less => ordered("_<_", (&left, &right), meter, |order| order == Ordering::Less),
        BinaryOperator::LessOrEqual => ordered("_<=_", (&left, &right), meter, |order| order != Ordering::Greater),
        BinaryOperator::Greater => ordered("_>_", (&left, &right), meter, |order| order == Ordering::Greater),
        BinaryOperator::GreaterOrEqual => ordered("_>=_", (&left, &right), meter, |order| order != Ordering::Less),
        BinaryOperator::In => contains(&left, &right, meter),
        BinaryOperator::Add => add(left, right, meter),
        BinaryOperator::Subtract => subtract(&left, &right),
        BinaryOperator::Multiply => multiply(&left, &right),
        BinaryOperator::Divide => divide(&left, &right),
        BinaryOperator::Remainder => remainder(&left, &right),
        BinaryOperator::Or | BinaryOperator::And => Err(overload("logic", &[left, right])),
    }
}

fn ordered<'a>(
    name: &str,
    (left, right): (&Val<'a>, &Val<'a>),
    meter: &mut Meter,
    test: fn(Ordering) -> bool,
) -> Outcome<'a> {
    compare_within(name, left, right, meter).map(|order| Val::Bool(order.is_some_and(test)))
}

fn contains<'a>(needle: &Val<'a>, haystack: &Val<'a>, meter: &mut Meter) -> Outcome<'a> {
    match haystack {
        Val::List(list) => has(list, needle, meter).map(Val::Bool),
        Val::Map(map) => {
            meter.pay(map.search())?;
            Ok(Val::Bool(map.get(needle)?.is_some()))
        }
        other => Err(overload("in", &[needle.clone(), other.clone()])),
    }
}

fn int<'a>(value: Option<i64>) -> Outcome<'a> {
    value.map(Val::Int).ok_or(Error::Overflow)
}

fn uint<'a>(value: Option<u64>) -> Outcome<'a> {
    value.map(Val::UInt).ok_or(Error::Overflow)
}

fn add<'a>(left: Val<'a>, right: Val<'a>, meter: &mut Meter) -> Outcome<'a> {
    match (&left, &right) {
        (Val::Int(a), Val::Int(b)) => int(a.checked_add(*b)),
        (Val::UInt(a), Val::UInt(b)) => uint(a.checked_add(*b)),
        (Val::Double(a), Val::Double(b)) => Ok(Val::Double(a + b)),
        (Val::Str(a), Val::Str(b)) => {
            meter.text(a.len().saturating_add(b.len()))?;
            Ok(Val::Str(Text::Shared([&**a, &**b].concat().into())))
        }
        (Val::Bytes(a), Val::Bytes(b)) => {
            meter.text(a.len().saturating_add(b.len()))?;
            Ok(Val::Bytes([&**a, &**b].concat().into()))
        }
        (Val::List(a), Val::List(b)) => {
            meter.elements(a.len().saturating_add(b.len()))?;
            Ok(Val::list(a.iter().chain(b.iter()).collect()))
        }
        (Val::Duration(a), Val::Duration(b)) => time::duration(a.checked_add(*b)),
        (Val::Timestamp(a), Val::Duration(b)) | (Val::Duration(b), Val::Timestamp(a)) => {
            time::timestamp(a.checked_add(*b))
        }
        _ => Err(overload("_+_", &[left, right])),
    }
}

fn subtract<'a>(left: &Val<'a>, right: &Val<'a>) -> Outcome<'a> {
    match (left, right) {
        (Val::Int(a), Val::Int(b)) => int(a.checked_sub(*b)),
        (Val::UInt(a), Val::UInt(b)) => uint(a.checked_sub(*b)),
        (Val::Double(a), Val::Double(b)) => Ok(Val::Double(a - b)),
        (Val::Duration(a), Val::Duration(b)) => time::duration(a.checked_sub(*b)),
        // The difference must fit 64 bits of nanoseconds (292 years), narrower than a duration that is written out.
        (Val::Timestamp(a), Val::Timestamp(b)) => {
            time::duration(a.checked_sub(*b).and_then(|nanos| i64::try_from(nanos).ok()).map(i128::from))
        }
        (Val::Timestamp(a), Val::Duration(b)) => time::timestamp(a.checked_sub(*b)),
        _ => Err(overload("_-_", &[left.clone(), right.clone()])),
    }
}

fn multiply<'a>(left: &Val<'a>, right: &Val<'a>) -> Outcome<'a> {
    match (left, right) {
        (Val::Int(a), Val::Int(b)) => int(a.checked_mul(*b)),
        (Val::UInt(a), Val::UInt(b)) => uint(a.checked_mul(*b)),
        (Val::Double(a), Val::Double(b)) => Ok(Val::Double(a * b)),
        _ => Err(overload("_*_", &[left.clone(), right.clone()])),
    }
}

fn divide<'a>(left: &Val<'a>, right: &Val<'a>) -> Outcome<'a> {
    match (left, right) {
        (Val::Int(_), Val::Int(0)) | (Val::UInt(_), Val::UInt(0)) => Err(Error::DivisionByZero),
        (Val::Int(a), Val::Int(b)) => int(a.checked_div(*b)),
        (Val::UInt(a), Val::UInt(b)) => uint(a.checked_div(*b)),
        (Val::Double(a), Val::Double(b)) => Ok(Val::Double(a / b)),
        _ => Err(overload("_/_", &[left.clone(), right.clone()])),
    }
}

fn remainder<'a>(left: &Val<'a>, right: &Val<'a>) -> Outcome<'a> {
    match (left, right) {
        (Val::Int(_), Val::Int(0)) | (Val::UInt(_), Val::UInt(0)) => Err(Error::Invalid("modulus by zero".to_owned())),
        (Val::Int(a), Val::Int(b)) => int(a.checked_rem(*b)),
        (Val::UInt(a), Val::UInt(b)) => uint(a.checked_rem(*b)),
        _ => Err(overload("_%_", &[left.clone(), right.clone()])),
    }
}

pub(super) fn negate<'a>(operand: &Val<'a>) -> Outcome<'a> {
    match operand {
        Val::Int(value) => int(value.checked_neg()),
        Val::Double(value) => Ok(Val::Double(-value)),
        other => Err(overload("-_", std::slice::from_ref(other))),
    }
}
