//! Maps: a JSON object in place, or computed entries in the order of making.

use std::collections::HashMap;
use std::sync::Arc;

use rampart_model::Value as Json;

use super::{Error, Text, Val, overload};

/// A map in a document, or one that was made.
#[derive(Debug, Clone)]
pub enum Map<'a> {
    Json(Json<'a>),
    Table(Arc<Table<'a>>),
}

#[derive(Debug, Default)]
pub struct Table<'a> {
    /// The type that a struct literal named.
    type_name: Option<Arc<str>>,
    entries: Vec<(Val<'a>, Val<'a>)>,
    index: HashMap<Key, usize>,
}

/// A key as it is compared: numbers by value, whatever their type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    Bool(bool),
    Int(i64),
    UInt(u64),
    Str(String),
}

impl Key {
    /// The key of a value; none for values that can be no key of a map.
    pub fn of(value: &Val<'_>) -> Option<Self> {
        Some(match value {
            Val::Bool(value) => Self::Bool(*value),
            Val::Int(value) => Self::Int(*value),
            Val::UInt(value) => i64::try_from(*value).map_or(Self::UInt(*value), Self::Int),
            Val::Double(value) if value.fract() == 0.0 && value.abs() < 9.0e18 => {
                #[expect(clippy::cast_possible_truncation, reason = "the value is integral and within the range")]
                let integer = *value as i64;
                Self::Int(integer)
            }
            Val::Str(text) => Self::Str(text.to_string()),
            _ => return None,
        })
    }
}

impl<'a> Map<'a> {
    /// A map of entries; the keys must be of a type that keys may have, and differ.
    ///
    /// # Errors
    /// A key is repeated or of another type.
    pub fn of(entries: Vec<(Val<'a>, Val<'a>)>) -> Result<Self, Error> {
        Self::of_type(None, entries)
    }

    /// What a struct literal makes: a map that knows the name of its type.
    ///
    /// # Errors
    /// As [`Map::of`].
    pub fn of_type(type_name: Option<Arc<str>>, entries: Vec<(Val<'a>, Val<'a>)>) -> Result<Self, Error> {
        let mut index = HashMap::with_capacity(entries.len());
        for (position, (key, _)) in entries.iter().enumerate() {
            let is_double = matches!(key, Val::Double(_));
            let key =
                Key::of(key).filter(|_| !is_double).ok_or_else(|| overload("map key", std::slice::from_ref(key)))?;
            if index.insert(key, position).is_some() {
                return Err(Error::Invalid("a map has the same key twice".to_owned()));
            }
        }
        Ok(Self::Table(Arc::new(Table { type_name, entries, index })))
    }

    /// The type that the struct literal named which made this.
    pub fn type_name(&self) -> Option<&str> {
        match self {
            Self::Json(_) => None,
            Self::Table(table) => table.type_name.as_deref(),
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Json(json) => json.entries().count(),
            Self::Table(table) => table.entries.len(),
        }
    }

    /// Steps that finding a key takes: an object of a document is searched from its head.
    pub(crate) fn search(&self) -> u64 {
        match self {
            Self::Json(json) => json.len() as u64 / 16,
            Self::Table(_) => 0,
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a string key.
    pub fn field(&self, name: &str) -> Option<Val<'a>> {
        match self {
            Self::Json(json) => json.get(name).map(Val::of),
            Self::Table(table) => table.get(&Key::Str(name.to_owned())),
        }
    }

    /// # Errors
    /// The value can be no key.
    pub fn get(&self, key: &Val<'_>) -> Result<Option<Val<'a>>, Error> {
        match (self, key) {
            (Self::Json(json), Val::Str(name)) => Ok(json.get(name).map(Val::of)),
            (Self::Json(_), Val::Bool(_) | Val::Int(_) | Val::UInt(_) | Val::Double(_)) => Ok(None),
            (Self::Table(table), key) => match Key::of(key) {
                Some(key) => Ok(table.get(&key)),
                None if matches!(key, Val::Double(_)) => Ok(None),
                None => Err(overload("map index", std::slice::from_ref(key))),
            },
            (Self::Json(_), key) => Err(overload("map index", std::slice::from_ref(key))),
        }
    }

    /// Keys with their values, in order.
    pub fn entries(&self) -> Box<dyn Iterator<Item = (Val<'a>, Val<'a>)> + '_> {
        match self {
            Self::Json(json) => {
                Box::new(json.entries().map(|(key, value)| (Val::Str(Text::Borrowed(key)), Val::of(value))))
            }
            Self::Table(table) => Box::new(table.entries.iter().cloned()),
        }
    }
}

impl<'a> Table<'a> {
    fn get(&self, key: &Key) -> Option<Val<'a>> {
        let position = self.index.get(key)?;
        self.entries.get(*position).map(|(_, value)| value.clone())
    }
}
