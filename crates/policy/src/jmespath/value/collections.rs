//! Lists and maps: JSON in place, or computed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rampart_model::Value as Json;

use super::{Text, Val};

#[derive(Debug, Clone)]
pub enum List<'a> {
    Json(Json<'a>),
    Items(Arc<[Val<'a>]>),
}

impl<'a> List<'a> {
    pub fn len(&self) -> usize {
        match self {
            Self::Json(json) => json.len(),
            Self::Items(items) => items.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Option<Val<'a>> {
        match self {
            Self::Json(json) => json.items().nth(index).map(Val::of),
            Self::Items(items) => items.get(index).cloned(),
        }
    }

    pub fn iter(&self) -> Box<dyn Iterator<Item = Val<'a>> + '_> {
        match self {
            Self::Json(json) => Box::new(json.items().map(Val::of)),
            Self::Items(items) => Box::new(items.iter().cloned()),
        }
    }
}

#[derive(Debug, Clone)]
pub enum Map<'a> {
    Json(Json<'a>),
    Entries(Arc<BTreeMap<Text<'a>, Val<'a>>>),
}

impl<'a> Map<'a> {
    pub fn len(&self) -> usize {
        match self {
            Self::Json(json) => json.entries().count(),
            Self::Entries(entries) => entries.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Self::Json(json) => json.is_empty(),
            Self::Entries(entries) => entries.is_empty(),
        }
    }

    pub fn get(&self, key: &str) -> Option<Val<'a>> {
        match self {
            Self::Json(json) => json.get(key).map(Val::of),
            Self::Entries(entries) => entries.get(key).cloned(),
        }
    }

    /// In the order of the document; computed maps by key.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (Text<'a>, Val<'a>)> + '_> {
        match self {
            Self::Json(json) => Box::new(json.entries().map(|(key, value)| (Text::Borrowed(key), Val::of(value)))),
            Self::Entries(entries) => Box::new(entries.iter().map(|(key, value)| (key.clone(), value.clone()))),
        }
    }

    /// By key.
    pub fn sorted(&self) -> Vec<(Text<'a>, Val<'a>)> {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries
    }
}
