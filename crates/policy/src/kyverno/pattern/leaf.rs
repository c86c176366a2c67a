//! Leaves of a pattern: values, and texts with `|`, `&`, comparisons, ranges and wildcards.

use std::cmp::Ordering;

use rampart_model::Value;
use rampart_model::document::Kind;
use serde_json::Value as Tree;

use crate::jmespath::measure;
use crate::wildcard;

/// Whether the order of a value and its bound is as a sign has it.
type IsMet = fn(Ordering) -> bool;

/// The longer signs first.
const COMPARED: [(&str, IsMet); 4] =
    [(">=", Ordering::is_ge), ("<=", Ordering::is_le), (">", Ordering::is_gt), ("<", Ordering::is_lt)];

/// Whether the value (none where it is missing) is as the leaf has it.
pub fn holds(pattern: &Tree, found: Option<Value<'_>>) -> bool {
    let found = found.filter(|found| !found.is_null());
    match pattern {
        Tree::Null => is_zero(found),
        Tree::Bool(wanted) => found.and_then(Value::bool) == Some(*wanted),
        Tree::Number(wanted) => found.is_some_and(|found| is_number(wanted, found)),
        Tree::String(pattern) => text(pattern, found),
        Tree::Object(_) => found.is_some_and(|found| found.kind() == Kind::Object),
        Tree::Array(_) => false,
    }
}

/// A null pattern asks for nothing, or for what is as good as nothing.
fn is_zero(found: Option<Value<'_>>) -> bool {
    found.is_none_or(|found| match found.kind() {
        Kind::Null => true,
        Kind::Bool => found.bool() == Some(false),
        Kind::Number => found.f64() == Some(0.0),
        Kind::String => found.str() == Some(""),
        Kind::Array | Kind::Object => false,
    })
}

fn is_number(wanted: &serde_json::Number, found: Value<'_>) -> bool {
    match (found.kind(), wanted.as_i64()) {
        (Kind::Number, _) => found.f64() == wanted.as_f64(),
        (Kind::String, Some(wanted)) => found.str().and_then(|text| text.parse().ok()) == Some(wanted),
        (Kind::String, None) => found.str().and_then(|text| text.parse().ok()) == wanted.as_f64(),
        _ => false,
    }
}

/// Any of the alternatives, in each of which every part must hold.
fn text(pattern: &str, found: Option<Value<'_>>) -> bool {
    if found.and_then(Value::str) == Some(pattern) {
        return true;
    }
    pattern.split('|').any(|all| all.split('&').all(|part| condition(part.trim(), found)))
}

fn condition(part: &str, found: Option<Value<'_>>) -> bool {
    let found = match found {
        None => None,
        Some(found) => match found.kind() {
            Kind::String => found.str().map(ToOwned::to_owned),
            Kind::Bool => Some(if found.bool() == Some(true) { "true" } else { "false" }.to_owned()),
            Kind::Number => found.number().map(ToOwned::to_owned),
            Kind::Null | Kind::Array | Kind::Object => return false,
        },
    };
    // A field that is missing is only as a pattern has it that takes the empty text.
    let Some(found) = found else { return false };
    if let Some((low, high)) = range(part, "!-") {
        return order(&found, low).is_some_and(Ordering::is_lt) || order(&found, high).is_some_and(Ordering::is_gt);
    }
    if let Some((low, high)) = range(part, "-") {
        return order(&found, low).is_some_and(Ordering::is_ge) && order(&found, high).is_some_and(Ordering::is_le);
    }
    for (sign, is_met) in COMPARED {
        if let Some(bound) = part.strip_prefix(sign) {
            return order(&found, bound.trim()).is_some_and(is_met);
        }
    }
    match part.strip_prefix('!') {
        Some(unwanted) => !is_equal(&found, unwanted.trim()),
        None => is_equal(&found, part),
    }
}

/// Both ends must be quantities or durations; else the sign is part of a text.
fn range<'p>(part: &'p str, sign: &str) -> Option<(&'p str, &'p str)> {
    let (low, high) = part.split_once(sign)?;
    let (low, high) = (low.trim(), high.trim());
    (measure(low).is_some() && measure(high).is_some()).then_some((low, high))
}

fn order(found: &str, bound: &str) -> Option<Ordering> {
    measure(found)?.partial_cmp(&measure(bound)?)
}

fn is_equal(found: &str, wanted: &str) -> bool {
    order(found, wanted) == Some(Ordering::Equal) || wildcard::matches(wanted, found)
}
