//! Lists in steps: a page and the cursor to the next one.

use serde::Serialize;

use crate::failure::Failure;

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
