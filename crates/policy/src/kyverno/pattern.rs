//! Whether an object is as a `pattern` of Kyverno describes it: maps and lists with anchors, leaves with operators.

mod leaf;

use rampart_model::Value;
use rampart_model::document::Kind;
use serde_json::{Map, Value as Tree};

pub use leaf::holds;

/// How deep a pattern may nest.
const DEEPEST: usize = 64;

/// Why an object is not as the pattern has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The object breaks the rule, at a dotted path.
    Fails { path: String, reason: String },
    /// An anchor says that the rule does not concern the object.
    Skips { path: String, reason: String },
}

type Outcome = Result<(), Mismatch>;

fn fails(path: &str, reason: impl Into<String>) -> Mismatch {
    Mismatch::Fails { path: path.to_owned(), reason: reason.into() }
}

fn skips(path: &str, reason: impl Into<String>) -> Mismatch {
    Mismatch::Skips { path: path.to_owned(), reason: reason.into() }
}

/// What the parentheses around a key say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// `(key)`
    Condition,
    /// `<(key)`
    Global,
    /// `=(key)`
    Equality,
    /// `^(key)`
    Existence,
    /// `X(key)`
    Negation,
    /// `+(key)`, which only mutations read.
    Addition,
}

impl Anchor {
    /// The anchor of a key and what is within its parentheses.
    pub fn of(key: &str) -> Option<(Self, &str)> {
        let inner = key.strip_suffix(')')?;
        let (sign, name) = inner.split_once('(')?;
        let anchor = match sign {
            "" => Self::Condition,
            "<" => Self::Global,
            "=" => Self::Equality,
            "^" => Self::Existence,
            "X" => Self::Negation,
            "+" => Self::Addition,
            _ => return None,
        };
        (!name.is_empty()).then_some((anchor, name))
    }
}

/// Judges `found` by a pattern whose variables have been replaced.
///
/// # Errors
/// The first place that is not as the pattern has it, or the anchor that takes the object out.
pub fn matches(pattern: &Tree, found: Value<'_>) -> Outcome {
    element(pattern, Some(found), "", DEEPEST)
}

fn element(pattern: &Tree, found: Option<Value<'_>>, path: &str, depth: usize) -> Outcome {
    let Some(depth) = depth.checked_sub(1) else { return Err(fails(path, "the pattern nests too deeply")) };
    match (pattern, found) {
        (Tree::Object(pattern), Some(found)) if found.kind() == Kind::Object => map(pattern, found, path, depth),
        (Tree::Array(pattern), Some(found)) if found.kind() == Kind::Array => list(pattern, found, path, depth),
        (Tree::Object(_) | Tree::Array(_), found) => {
            let kind = found.map_or_else(|| "nothing".to_owned(), |found| found.kind().to_string());
            Err(fails(path, format!("the pattern has another structure than the {kind} there")))
        }
        (leaf, Some(found)) if found.kind() == Kind::Array => {
            for (position, item) in found.items().enumerate() {
                element(leaf, Some(item), &format!("{path}[{position}]"), depth)?;
            }
            Ok(())
        }
        (leaf, found) if leaf::holds(leaf, found) => Ok(()),
        (leaf, found) => {
            let value = found.map_or_else(|| "nothing".to_owned(), |found| format!("`{}`", found.brief()));
            Err(fails(path, format!("{value} is not `{leaf}`")))
        }
    }
}

fn step(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Anchors are asked first: a condition that is not met ends the matter before plain keys can fail.
fn map(pattern: &Map<String, Tree>, found: Value<'_>, path: &str, depth: usize) -> Outcome {
    let (anchors, keys): (Vec<_>, Vec<_>) = pattern.iter().partition(|(key, _)| Anchor::of(key).is_some());
    for (key, below) in anchors {
        if let Some((anchor, name)) = Anchor::of(key) {
            anchored(anchor, name, below, found, path, depth)?;
        }
    }
    // Plain keys that lead to anchors go before those that do not.
    let (nested, plain): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(_, below)| has_anchor(below, DEEPEST));
    for (key, below) in nested.into_iter().chain(plain) {
        let name = wanted_key(key, found, path);
        let value = found.field(name);
        let path = step(path, name);
        match below {
            Tree::String(text) if text == "*" && value.is_some() => {}
            Tree::String(text) if text == "*" => return Err(fails(&path, "the field is missing")),
            below => element(below, value, &path, depth)?,
        }
    }
    Ok(())
}

/// In labels and annotations a key may hold wildcards; the first key of the object that fits stands for it.
fn wanted_key<'k>(key: &'k str, found: Value<'k>, path: &str) -> &'k str {
    let is_wild = crate::wildcard::is_pattern(key)
        && ["metadata.labels", "metadata.annotations"].iter().any(|place| path.ends_with(place));
    let fitting = || found.entries().map(|(name, _)| name).find(|name| crate::wildcard::matches(key, name));
    if is_wild { fitting().unwrap_or(key) } else { key }
}

fn has_anchor(pattern: &Tree, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match pattern {
        Tree::Object(entries) => {
            entries.iter().any(|(key, below)| Anchor::of(key).is_some() || has_anchor(below, depth))
        }
        Tree::Array(items) => items.iter().any(|item| has_anchor(item, depth)),
        _ => false,
    }
}

fn anchored(anchor: Anchor, key: &str, below: &Tree, found: Value<'_>, path: &str, depth: usize) -> Outcome {
    let name = wanted_key(key, found, path);
    let path = step(path, name);
    let value = found.get(name);
    match (anchor, value) {
        (Anchor::Negation, Some(_)) => Err(fails(&path, "the field must not be there")),
        (Anchor::Negation | Anchor::Equality | Anchor::Global | Anchor::Addition, None) => Ok(()),
        (Anchor::Equality | Anchor::Addition, value) => element(below, value, &path, depth),
        (Anchor::Condition, None) => Err(skips(&path, "the field that the condition asks for is missing")),
        (Anchor::Condition | Anchor::Global, value) => {
            element(below, value, &path, depth).map_err(|mismatch| match mismatch {
                Mismatch::Fails { path, reason } => Mismatch::Skips { path, reason },
                skipped => skipped,
            })
        }
        (Anchor::Existence, None) => Err(fails(&path, "the list is missing")),
        (Anchor::Existence, Some(value)) => exists(below, value, &path, depth),
    }
}

/// Every element of the pattern describes at least one of the list.
fn exists(pattern: &Tree, found: Value<'_>, path: &str, depth: usize) -> Outcome {
    let (Tree::Array(wanted), Kind::Array) = (pattern, found.kind()) else {
        return Err(fails(path, "an existence anchor is for lists of maps"));
    };
    for one in wanted {
        if !found.items().any(|item| element(one, Some(item), path, depth).is_ok()) {
            return Err(fails(path, "no element is as the existence anchor has it"));
        }
    }
    Ok(())
}

fn list(pattern: &[Tree], found: Value<'_>, path: &str, depth: usize) -> Outcome {
    match pattern {
        [] => Err(fails(path, "the list of the pattern is empty")),
        [one @ Tree::Object(_), ..] => maps(one, found, path, depth),
        [Tree::Array(_), ..] => {
            for (position, one) in pattern.iter().enumerate() {
                element(one, found.items().nth(position), &format!("{path}[{position}]"), depth)?;
            }
            Ok(())
        }
        [leaf, ..] => element(leaf, Some(found), path, depth),
    }
}

/// Elements that a condition takes out are passed over; where it takes out all of them, the object is.
fn maps(pattern: &Tree, found: Value<'_>, path: &str, depth: usize) -> Outcome {
    let (mut applied, mut skipped) = (false, None);
    for (position, item) in found.items().enumerate() {
        match element(pattern, Some(item), &format!("{path}[{position}]"), depth) {
            Ok(()) => applied = true,
            Err(skip @ Mismatch::Skips { .. }) => skipped = skipped.or(Some(skip)),
            Err(failure) => return Err(failure),
        }
    }
    match skipped {
        Some(skip) if !applied => Err(skip),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
