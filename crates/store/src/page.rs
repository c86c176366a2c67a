//! Lists in steps: a page and the cursor to the next one.

use serde::Serialize;

use crate::failure::Failure;
use crate::hex;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// None where this is the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// From up to `limit + 1` items: the one too many says that there is more.
    pub(crate) fn of(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let is_last = items.len() <= limit;
        items.truncate(limit);
        let next = if is_last { None } else { items.last().map(cursor) };
        Self { items, next }
    }
}

pub(crate) fn bad_cursor() -> Failure {
    Failure::invalid("cursor", "the cursor is none of this list: start again without one")
}

/// The largest page.
pub const LARGEST: usize = 500;

pub(crate) fn bounded(limit: usize) -> usize {
    limit.clamp(1, LARGEST)
}

/// Opaque to the caller: where the next page begins.
pub(crate) fn cursor(parts: &[&str]) -> String {
    hex::encode(serde_json::to_string(parts).unwrap_or_default().as_bytes())
}

/// # Errors
/// It is no cursor of so many parts.
pub(crate) fn texts<const N: usize>(cursor: &str) -> Result<[String; N], Failure> {
    let text = hex::decode(cursor).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(bad_cursor)?;
    let parts: Vec<String> = serde_json::from_str(&text).map_err(|_| bad_cursor())?;
    parts.try_into().map_err(|_| bad_cursor())
}

/// A part that is a number.
pub(crate) fn number(part: &str) -> Result<i64, Failure> {
    part.parse().map_err(|_| bad_cursor())
}
