//! What the API server charges for each step, so that a limit of its means the same here.
//!
//! Names and fields cost one, lists ten, maps thirty, texts a tenth of their characters, patterns the product of text and
//! pattern. The server knows from the checker which of several meanings a call has; here the values say so, which charges
//! text for text even where the checker saw `dyn`.

use crate::ast::BinaryOperator;
use crate::plan::Node;
use crate::value::{List, Val};

pub(crate) const LIST: u64 = 10;
pub(crate) const MAP: u64 = 30;
pub(crate) const STRUCT: u64 = 40;

/// Characters that cost as much as one step.
const CHARACTERS: u64 = 10;
/// Characters of a pattern that cost as much as one step.
const PATTERN: u64 = 4;

/// Whether a node is looked up rather than worked out. The server counts a field of such a node once, any other twice.
pub(super) fn is_looked_up(node: &Node) -> bool {
    matches!(node, Node::Slot(_) | Node::Select { .. } | Node::Index { .. } | Node::Conditional(_))
}

/// How large the server says a value is.
fn size(value: &Val<'_>) -> u64 {
    match value {
        Val::Str(text) => text.chars().count() as u64,
        Val::Bytes(bytes) => bytes.len() as u64,
        Val::List(list) => list.len() as u64,
        Val::Map(map) => map.len() as u64,
        Val::Ip(address) if address.is_ipv4() => 4,
        Val::Ip(_) => 16,
        Val::Cidr { prefix, .. } => u64::from(*prefix).div_ceil(8),
        _ => 1,
    }
}

/// What it costs to look at a text once, or at twice the text.
fn read(value: &Val<'_>, times: u64) -> u64 {
    size(value).saturating_mul(times).div_ceil(CHARACTERS)
}

/// A pattern of so many characters over a text.
pub(super) fn pattern(text: &Val<'_>, pattern: u64) -> u64 {
    size(text).saturating_add(1).div_ceil(CHARACTERS).saturating_mul(pattern.div_ceil(PATTERN))
}

pub(super) fn binary(operator: BinaryOperator, left: &Val<'_>, right: &Val<'_>) -> u64 {
    let of_less = |divisor: u64| {
        // Short texts need no counting.
        match (left, right) {
            (Val::Str(a), Val::Str(b)) if (1..=10).contains(&a.len().min(b.len())) => 1,
            _ => size(left).min(size(right)).div_ceil(divisor),
        }
    };
    match operator {
        BinaryOperator::Equal | BinaryOperator::NotEqual => of_less(CHARACTERS),
        BinaryOperator::Less
        | BinaryOperator::LessOrEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual => match left {
            Val::Str(_) | Val::Bytes(_) => of_less(CHARACTERS),
            _ => 1,
        },
        BinaryOperator::In => match right {
            Val::List(list) => list.len() as u64,
            _ => 1,
        },
        BinaryOperator::Add => match left {
            Val::Str(_) | Val::Bytes(_) => size(left).saturating_add(size(right)).div_ceil(CHARACTERS),
            _ => 1,
        },
        _ => 1,
    }
}

/// A call of a function that has given a value.
pub(crate) fn call(name: &str, args: &[Val<'_>], made: &Val<'_>) -> u64 {
    let Some(first) = args.first() else { return 1 };
    let second = || args.get(1).map_or(0, size);
    match name {
        "startsWith" | "endsWith" | "lowerAscii" | "upperAscii" | "substring" | "trim" | "strings.quote" => {
            read(first, 1)
        }
        "url" | "cidr" | "isIP" | "isCIDR" | "quantity" | "isQuantity" | "semver" | "isSemver" => read(first, 1),
        "jsonpatch.escapeKey" => read(first, 1),
        "ip" if matches!(first, Val::Str(_)) => read(first, 1),
        "bytes" if matches!(first, Val::Str(_)) => read(first, 1),
        "string" if matches!(first, Val::Bytes(_)) => read(first, 1),
        "replace" | "split" | "ip.isCanonical" => read(first, 2),
        "join" => read(made, 2),
        "contains" => read(first, 1).saturating_mul(second().div_ceil(CHARACTERS)),
        "matches" | "find" | "findAll" => pattern(first, second()),
        "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" => traversal(first),
        "includes" | "distinct" | "sort" | "reverse" | "flatten" => size(first).max(1),
        "lists.range" => size(made).max(1),
        "sets.contains" | "sets.intersects" => 1u64.saturating_add(size(first).saturating_mul(second())),
        "sets.equivalent" => 1u64.saturating_add(size(first).saturating_mul(second()).saturating_mul(2)),
        "containsIP" => contains(first, args, 0),
        "containsCIDR" => contains(first, args, size(first).div_ceil(CHARACTERS).saturating_add(1)),
        "validate" => args.get(1).map_or(1, |text| pattern(text, 60)),
        _ => 1,
    }
}

/// The range is compared as bytes; what is written as text is read first.
fn contains(range: &Val<'_>, args: &[Val<'_>], more: u64) -> u64 {
    let text = args.get(1).filter(|other| matches!(other, Val::Str(_))).map_or(0, |text| read(text, 1));
    read(range, 2).saturating_add(more).saturating_add(text)
}

/// Once through a list and the texts in it, or through a text.
fn traversal(value: &Val<'_>) -> u64 {
    let text = |value: &Val<'_>| match value {
        Val::Str(text) => text.len() as u64 / CHARACTERS,
        Val::Bytes(bytes) => bytes.len() as u64 / CHARACTERS,
        Val::List(list) => list.len() as u64,
        _ => 1,
    };
    match value {
        Val::List(List::Items(items)) => items.iter().map(text).sum(),
        Val::List(list) => list.iter().map(|item| text(&item)).sum(),
        other => text(other),
    }
}
