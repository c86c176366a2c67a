//! The JSON of `/api/v1`, as the API document describes it: what the store knows, with the rules' texts joined in.

pub mod cluster;
pub mod finding;
pub mod overview;
pub mod rule;
pub mod waiver;
pub mod words;

use serde::Serialize;
use utoipa::ToSchema;

/// A step of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// For `?cursor=`; null where this is the last step.
    pub next: Option<String>,
    /// How many there are in all, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl<T> Page<T> {
    pub fn of<S>(page: rampart_store::Page<S>, shape: impl FnMut(S) -> T) -> Self {
        Self { items: page.items.into_iter().map(shape).collect(), next: page.next, total: None }
    }

    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None, total: None }
    }
}
