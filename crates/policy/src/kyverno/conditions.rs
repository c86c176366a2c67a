//! Conditions of preconditions and `deny`: a key, an operator and a value, under `any` and `all`.

use std::cmp::Ordering;

use serde_json::Value as Tree;

use super::variables::{Fault, Scope};
use crate::jmespath::{Measure, measure};
use crate::wildcard;

/// One operator; several names of older releases mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equals,
    NotEquals,
    /// Some of the keys are among the values.
    AnyIn,
    AllIn,
    /// Some of the keys are not among the values.
    AnyNotIn,
    AllNotIn,
    Compare(Bound),
    /// The same, with numbers taken for seconds.
    Duration(Bound),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Bound {
    fn is_met(self, order: Ordering) -> bool {
        match self {
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
        }
    }
}

impl Operator {
    /// Reads the name, whatever its case.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "equal" | "equals" => Self::Equals,
            "notequal" | "notequals" => Self::NotEquals,
            "anyin" => Self::AnyIn,
            "in" | "allin" => Self::AllIn,
            "anynotin" => Self::AnyNotIn,
            "notin" | "allnotin" => Self::AllNotIn,
            "greaterthan" => Self::Compare(Bound::Greater),
            "greaterthanorequals" => Self::Compare(Bound::GreaterOrEqual),
            "lessthan" => Self::Compare(Bound::Less),
            "lessthanorequals" => Self::Compare(Bound::LessOrEqual),
            "durationgreaterthan" => Self::Duration(Bound::Greater),
            "durationgreaterthanorequals" => Self::Duration(Bound::GreaterOrEqual),
            "durationlessthan" => Self::Duration(Bound::Less),
            "durationlessthanorequals" => Self::Duration(Bound::LessOrEqual),
            _ => return None,
        })
    }

    /// Whether the operator holds between a key and a value whose variables have been replaced.
    pub fn holds(self, key: &Tree, value: &Tree) -> bool {
        match self {
            Self::Equals => is_equal(key, value),
            Self::NotEquals => !is_equal(key, value),
            Self::AnyIn => keys(key).is_some_and(|keys| keys.iter().any(|key| is_among(key, value))),
            Self::AllIn => keys(key).is_some_and(|keys| keys.iter().all(|key| is_among(key, value))),
            Self::AnyNotIn => keys(key).is_some_and(|keys| keys.iter().any(|key| !is_among(key, value))),
            Self::AllNotIn => keys(key).is_some_and(|keys| !keys.iter().any(|key| is_among(key, value))),
            Self::Compare(bound) => order(key, value).is_some_and(|order| bound.is_met(order)),
            Self::Duration(bound) => match (seconds(key), seconds(value)) {
                (Some(key), Some(value)) => key.partial_cmp(&value).is_some_and(|order| bound.is_met(order)),
                _ => false,
            },
        }
    }
}

/// Whether conditions hold: `{any, all}`, a list of such, or the old list of conditions that must all hold.
///
/// # Errors
/// A variable without a value, or something that is no condition.
pub fn hold(conditions: &Tree, scope: &Scope<'_>) -> Result<bool, Fault> {
    match conditions {
        Tree::Null => Ok(true),
        Tree::Array(list) => all(list.iter(), |one| if is_block(one) { block(one, scope) } else { holds(one, scope) }),
        one => block(one, scope),
    }
}

fn is_block(tree: &Tree) -> bool {
    tree.get("any").is_some() || tree.get("all").is_some()
}

fn all<'t>(
    mut list: impl Iterator<Item = &'t Tree>,
    mut is_met: impl FnMut(&'t Tree) -> Result<bool, Fault>,
) -> Result<bool, Fault> {
    list.try_fold(true, |met, one| if met { is_met(one) } else { Ok(false) })
}

fn block(tree: &Tree, scope: &Scope<'_>) -> Result<bool, Fault> {
    let list = |key| tree.get(key).and_then(Tree::as_array).map(Vec::as_slice).unwrap_or_default();
    let any = list("any");
    let mut is_any_met = any.is_empty();
    for one in any {
        is_any_met = is_any_met || holds(one, scope)?;
    }
    Ok(is_any_met && all(list("all").iter(), |one| holds(one, scope))?)
}

fn holds(condition: &Tree, scope: &Scope<'_>) -> Result<bool, Fault> {
    let name = condition.get("operator").and_then(Tree::as_str).unwrap_or_default();
    let Some(operator) = Operator::named(name) else {
        return Err(Fault::Other(format!("there is no operator `{name}`; write one such as `Equals` or `AnyIn`")));
    };
    let part = |name| condition.get(name).map_or(Ok(Tree::Null), |part| scope.fill(part));
    Ok(operator.holds(&part("key")?, &part("value")?))
}

/// Texts and numbers as one list; none for a key that has no place in a set.
fn keys(key: &Tree) -> Option<Vec<String>> {
    match key {
        Tree::Array(items) => items.iter().map(scalar).collect(),
        one => scalar(one).map(|one| vec![one]),
    }
}

fn scalar(tree: &Tree) -> Option<String> {
    match tree {
        Tree::String(text) => Some(text.clone()),
        Tree::Bool(_) | Tree::Number(_) => Some(tree.to_string()),
        Tree::Null | Tree::Array(_) | Tree::Object(_) => None,
    }
}

/// The values are a list, the same list as JSON text, a range, or one pattern.
fn is_among(key: &str, value: &Tree) -> bool {
    match value {
        Tree::Array(items) => items.iter().filter_map(scalar).any(|item| is_alike(key, &item)),
        Tree::String(text) => match (serde_json::from_str(text), text.split_once('-')) {
            (Ok(Tree::Array(items)), _) => items.iter().filter_map(scalar).any(|item| is_alike(key, &item)),
            (_, Some((low, high))) => match (measure(key), measure(low), measure(high)) {
                (Some(key), Some(low), Some(high)) => low <= key && key <= high,
                _ => is_alike(key, text),
            },
            _ => is_alike(key, text),
        },
        other => scalar(other).is_some_and(|value| is_alike(key, &value)),
    }
}

/// Either may be the pattern of the other.
fn is_alike(key: &str, value: &str) -> bool {
    wildcard::matches(value, key) || wildcard::matches(key, value)
}

fn is_equal(key: &Tree, value: &Tree) -> bool {
    match (key, value) {
        (Tree::String(key), Tree::String(value)) => match (measure(key), measure(value)) {
            (Some(key), Some(value)) if key.partial_cmp(&value).is_some() => key == value,
            _ => wildcard::matches(value, key),
        },
        (Tree::Number(key), Tree::Number(value)) => key.as_f64() == value.as_f64(),
        (Tree::Number(number), Tree::String(text)) | (Tree::String(text), Tree::Number(number)) => {
            order(&Tree::Number(number.clone()), &Tree::String(text.clone())) == Some(Ordering::Equal)
        }
        (Tree::Array(one), Tree::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (one, other) => one == other,
    }
}

/// Whole numbers may be written with a fraction of zero.
fn is_same(one: &Tree, other: &Tree) -> bool {
    match (one, other) {
        (Tree::Number(one), Tree::Number(other)) => one.as_f64() == other.as_f64(),
        (one, other) => one == other,
    }
}

/// Numbers stand for seconds beside a duration.
fn order(key: &Tree, value: &Tree) -> Option<Ordering> {
    let (one, other) = (measure(&scalar(key)?)?, measure(&scalar(value)?)?);
    one.partial_cmp(&other).or_else(|| seconds(key)?.partial_cmp(&seconds(value)?))
}

/// Nanoseconds of a duration, or of a number of seconds.
fn seconds(tree: &Tree) -> Option<i128> {
    match measure(&scalar(tree)?)? {
        Measure::Duration(nanos) => Some(i128::from(nanos)),
        // A billionth of one second is a nanosecond; a text such as `5m` is a duration before it is a quantity.
        Measure::Quantity(nanos) => match tree {
            Tree::String(text) => crate::jmespath::nanoseconds(text).map(i128::from),
            _ => Some(nanos),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Operation;
    use crate::jmespath::{Context, Val};

    fn is_true(key: Tree, operator: &str, value: Tree) -> bool {
        Operator::named(operator).unwrap().holds(&key, &value)
    }

    #[test]
    fn operators_hold_as_their_names_say() {
        for (key, operator, value, wanted) in [
            (json!("abc"), "Equals", json!("a*"), true),
            (json!("1Gi"), "equal", json!("1024Mi"), true),
            (json!(3), "Equals", json!("3"), true),
            (json!([1, 2]), "Equals", json!([1.0, 2.0]), true),
            (json!("a"), "NotEquals", json!(["a"]), true),
            (json!(["a", "b"]), "AnyIn", json!(["b", "c"]), true),
            (json!(["a", "b"]), "AllIn", json!(["b", "c"]), false),
            (json!(["a", "b"]), "AnyNotIn", json!(["b", "c"]), true),
            (json!(["a", "b"]), "AllNotIn", json!(["b", "c"]), false),
            (json!([]), "AnyIn", json!(["b"]), false),
            (json!("b"), "In", json!("[\"a\",\"b\"]"), true),
            (json!(8), "AnyIn", json!("1-10"), true),
            (json!(11), "AnyNotIn", json!("1-10"), true),
            (json!("100Mi"), "LessThan", json!("1Gi"), true),
            (json!(5), "GreaterThanOrEquals", json!("5"), true),
            (json!("2h0m"), "GreaterThan", json!("90m0s"), true),
            (json!("5m"), "DurationGreaterThan", json!(299), true),
            (json!("x"), "GreaterThan", json!(1), false),
        ] {
            assert_eq!(is_true(key.clone(), operator, value.clone()), wanted, "{key} {operator} {value}");
        }
    }

    #[test]
    fn any_needs_one_all_needs_each_and_a_missing_variable_is_an_error() {
        let root = json!({"request": {"operation": "CREATE"}});
        let scope = Scope { root: Val::from_json(&root), operation: Operation::Create, context: Context::default() };
        let one = |value: &str| json!({"key": "{{request.operation}}", "operator": "Equals", "value": value});
        let (met, unmet) = (one("CREATE"), one("DELETE"));
        for (conditions, wanted) in [
            (json!(null), true),
            (json!([met, met]), true),
            (json!([met, unmet]), false),
            (json!({"any": [unmet, met]}), true),
            (json!({"any": [unmet, met], "all": [unmet]}), false),
            (json!([{"any": [met]}, {"all": [met]}]), true),
        ] {
            assert_eq!(hold(&conditions, &scope), Ok(wanted), "{conditions}");
        }
        let missing = json!([{"key": "{{request.object.x}}", "operator": "Equals", "value": 1}]);
        assert!(matches!(hold(&missing, &scope), Err(Fault::Unknown(..))));
        assert!(matches!(hold(&json!([{"operator": "Is"}]), &scope), Err(Fault::Other(_))));
    }
}
