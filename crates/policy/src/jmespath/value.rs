//! Values while an expression runs: scalars inline, JSON borrowed in place, computed lists and maps shared.

mod collections;
mod equality;
mod error;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use rampart_model::Value as Json;
use rampart_model::document::Kind;

pub use collections::{List, Map};
pub(super) use equality::equal;
pub use error::Error;
pub use text::Text;
pub(super) use text::Writer;

/// A value. Cheap to copy: nothing in it is copied deeply.
#[derive(Debug, Clone)]
pub enum Val<'a> {
    Null,
    Bool(bool),
    /// All numbers are doubles, as in the reference implementations.
    Number(f64),
    Text(Text<'a>),
    List(List<'a>),
    Map(Map<'a>),
}

pub(super) type Outcome<'a> = Result<Val<'a>, Error>;

impl<'a> Val<'a> {
    /// The value of a document, without copying.
    pub fn of(json: Json<'a>) -> Self {
        match json.kind() {
            Kind::Null => Self::Null,
            Kind::Bool => Self::Bool(json.bool() == Some(true)),
            Kind::Number => Self::Number(json.f64().unwrap_or(0.0)),
            Kind::String => Self::Text(Text::Borrowed(json.str().unwrap_or_default())),
            Kind::Array => Self::List(List::Json(json)),
            Kind::Object => Self::Map(Map::Json(json)),
        }
    }

    /// A copy that owns everything, for values whose document does not last.
    pub fn from_document(json: Json<'_>) -> Val<'static> {
        match json.kind() {
            Kind::Null => Val::Null,
            Kind::Bool => Val::Bool(json.bool() == Some(true)),
            Kind::Number => Val::Number(json.f64().unwrap_or(0.0)),
            Kind::String => Val::text(json.str().unwrap_or_default()),
            Kind::Array => Val::list(json.items().map(Val::from_document).collect()),
            Kind::Object => Val::map(json.entries().map(|(key, value)| (key.into(), Val::from_document(value)))),
        }
    }

    pub fn from_json(json: &serde_json::Value) -> Val<'static> {
        match json {
            serde_json::Value::Null => Val::Null,
            serde_json::Value::Bool(value) => Val::Bool(*value),
            serde_json::Value::Number(number) => Val::Number(number.as_f64().unwrap_or(0.0)),
            serde_json::Value::String(text) => Val::text(text.as_str()),
            serde_json::Value::Array(items) => Val::list(items.iter().map(Val::from_json).collect()),
            serde_json::Value::Object(entries) => {
                Val::map(entries.iter().map(|(key, value)| (key.as_str().into(), Val::from_json(value))))
            }
        }
    }

    /// For edges such as reports. What a run gave is bounded by the limits of that run.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => serde_json::Value::Bool(*value),
            Self::Number(number) => match integer(*number) {
                Some(integer) => integer.into(),
                None => serde_json::Number::from_f64(*number).map_or(serde_json::Value::Null, Into::into),
            },
            Self::Text(text) => serde_json::Value::String(text.to_string()),
            Self::List(list) => list.iter().map(|item| item.to_json()).collect(),
            Self::Map(map) => map.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect(),
        }
    }

    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(Text::Shared(text.into()))
    }

    pub fn list(items: Vec<Val<'a>>) -> Self {
        Self::List(List::Items(items.into()))
    }

    /// Of entries with the same key the last one stays.
    pub fn map(entries: impl IntoIterator<Item = (Text<'a>, Val<'a>)>) -> Self {
        Self::Map(Map::Entries(Arc::new(entries.into_iter().collect::<BTreeMap<_, _>>())))
    }

    /// The name that the function `type` gives.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
        }
    }

    /// False, null, and what is empty count as false.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(_) => true,
            Self::Text(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
        }
    }

    /// Whether the value written out takes more than `room` bytes, about; `room` is what is left of it.
    pub(super) fn overflows(&self, room: &mut u64) -> bool {
        let own = match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => 8,
            Self::Text(text) => text.len() as u64 + 2,
            Self::List(List::Json(json)) | Self::Map(Map::Json(json)) => {
                let (start, end) = json.span();
                u64::from(end.saturating_sub(start)) + 2
            }
            Self::List(List::Items(_)) | Self::Map(Map::Entries(_)) => 2,
        };
        let Some(left) = room.checked_sub(own) else { return true };
        *room = left;
        match self {
            Self::List(List::Items(items)) => items.iter().any(|item| item.overflows(room)),
            Self::Map(Map::Entries(entries)) => entries.iter().any(|(key, value)| {
                let Some(left) = room.checked_sub(key.len() as u64) else { return true };
                *room = left;
                value.overflows(room)
            }),
            _ => false,
        }
    }
}

/// The whole number that a double is exactly; none for fractions and beyond 2^53.
pub(super) fn integer(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 53 bits, as just checked")]
    is_whole.then_some(number as i64)
}
