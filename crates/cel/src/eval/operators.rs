//! Arithmetic, comparison and membership. Integers never wrap: overflow is an error.

use std::cmp::Ordering;

use crate::ast::BinaryOperator;
use crate::time;
use crate::value::{Error, Outcome, Text, Val, compare, equal, overload};

pub(super) fn binary<'a>(operator: BinaryOperator, left: Val<'a>, right: Val<'a>) -> Outcome<'a> {
    match operator {
        BinaryOperator::Equal => Ok(Val::Bool(equal(&left, &right))),
        BinaryOperator::NotEqual => Ok(Val::Bool(!equal(&left, &right))),
        BinaryOperator::Less => ordered("_<_", &left, &right, |order| order == Ordering::Less),
        BinaryOperator::LessOrEqual => ordered("_<=_", &left, &right, |order| order != Ordering::Greater),
        BinaryOperator::Greater => ordered("_>_", &left, &right, |order| order == Ordering::Greater),
        BinaryOperator::GreaterOrEqual => ordered("_>=_", &left, &right, |order| order != Ordering::Less),
        BinaryOperator::In => contains(&left, &right),
        BinaryOperator::Add => add(left, right),
        BinaryOperator::Subtract => subtract(&left, &right),
        BinaryOperator::Multiply => multiply(&left, &right),
        BinaryOperator::Divide => divide(&left, &right),
        BinaryOperator::Remainder => remainder(&left, &right),
        BinaryOperator::Or | BinaryOperator::And => Err(overload("logic", &[left, right])),
    }
}

fn ordered<'a>(name: &str, left: &Val<'a>, right: &Val<'a>, test: fn(Ordering) -> bool) -> Outcome<'a> {
    compare(name, left, right).map(|order| Val::Bool(order.is_some_and(test)))
}

fn contains<'a>(needle: &Val<'a>, haystack: &Val<'a>) -> Outcome<'a> {
    match haystack {
        Val::List(list) => Ok(Val::Bool(list.iter().any(|item| equal(&item, needle)))),
        Val::Map(map) => Ok(Val::Bool(map.get(needle)?.is_some())),
        other => Err(overload("in", &[needle.clone(), other.clone()])),
    }
}

fn int<'a>(value: Option<i64>) -> Outcome<'a> {
    value.map(Val::Int).ok_or(Error::Overflow)
}

fn uint<'a>(value: Option<u64>) -> Outcome<'a> {
    value.map(Val::UInt).ok_or(Error::Overflow)
}

fn add<'a>(left: Val<'a>, right: Val<'a>) -> Outcome<'a> {
    match (&left, &right) {
        (Val::Int(a), Val::Int(b)) => int(a.checked_add(*b)),
        (Val::UInt(a), Val::UInt(b)) => uint(a.checked_add(*b)),
        (Val::Double(a), Val::Double(b)) => Ok(Val::Double(a + b)),
        (Val::Str(a), Val::Str(b)) => Ok(Val::Str(Text::Shared([&**a, &**b].concat().into()))),
        (Val::Bytes(a), Val::Bytes(b)) => Ok(Val::Bytes([&**a, &**b].concat().into())),
        (Val::List(a), Val::List(b)) => Ok(Val::list(a.iter().chain(b.iter()).collect())),
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
