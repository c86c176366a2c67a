//! Lists: a JSON array in place, or computed elements.

use std::sync::Arc;

use rampart_model::Value as Json;

use super::Val;

/// A list in a document, or one that was made.
#[derive(Debug, Clone)]
pub enum List<'a> {
    Json(Json<'a>),
    Items(Arc<[Val<'a>]>),
}

impl<'a> List<'a> {
    /// How many elements it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Json(json) => json.len(),
            Self::Items(items) => items.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Steps that getting an element takes: a list of a document is walked from its head.
    pub(crate) fn walk(&self, index: usize) -> u64 {
        match self {
            Self::Json(json) => index.min(json.len()) as u64 / 16,
            Self::Items(_) => 0,
        }
    }

    /// The element at a position.
    pub fn get(&self, index: usize) -> Option<Val<'a>> {
        match self {
            Self::Json(json) => json.items().nth(index).map(Val::of),
            Self::Items(items) => items.get(index).cloned(),
        }
    }

    /// The elements in order.
    pub fn iter(&self) -> Box<dyn Iterator<Item = Val<'a>> + '_> {
        match self {
            Self::Json(json) => Box::new(json.items().map(Val::of)),
            Self::Items(items) => Box::new(items.iter().cloned()),
        }
    }

    /// The elements as a vector.
    pub fn to_vec(&self) -> Vec<Val<'a>> {
        self.iter().collect()
    }
}
