//! The types that the checker tells apart, written as messages write them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The name of the type of optional values.
const OPTIONAL: &str = "optional_type";

/// A type of the language.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Any value; what is done with it is settled when it runs.
    Dyn,
    /// The type of what is wrong already, so that it is not reported twice.
    Error,
    Null,
    Bool,
    Int,
    UInt,
    Double,
    String,
    Bytes,
    Duration,
    Timestamp,
    List(Arc<Type>),
    Map(Arc<Type>, Arc<Type>),
    /// The type of a type, such as that of `int` in `type(1) == int`.
    Type(Arc<Type>),
    /// A type that only its functions look into, such as `net.IP` or `optional_type(int)`.
    Opaque(Arc<str>, Vec<Type>),
    /// An object with declared fields.
    Object(Arc<ObjectType>),
    /// A parameter of a signature: any one type.
    Param(Arc<str>),
    /// A type that the rest of the expression settles.
    Var(usize),
}

/// The fields of an object, and how messages call it.
#[derive(Debug, Clone)]
pub struct ObjectType {
    pub name: String,
    pub fields: BTreeMap<String, Type>,
}

/// Objects of one name are of one type.
impl PartialEq for ObjectType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Type {
    /// A list of one type.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// A map of keys and values of one type each.
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new(key), Arc::new(value))
    }

    /// A value of a type, or none.
    pub fn optional(value: Self) -> Self {
        Self::Opaque(OPTIONAL.into(), vec![value])
    }

    /// A type that only its functions look into.
    pub fn opaque(name: &str) -> Self {
        Self::Opaque(name.into(), Vec::new())
    }

    /// An object with declared fields.
    pub fn object(name: impl Into<String>, fields: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Object(Arc::new(ObjectType { name: name.into(), fields: fields.into_iter().collect() }))
    }

    /// Whether anything may be done with it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Dyn | Self::Error)
    }

    /// What an optional value holds.
    pub(super) fn unwrapped(&self) -> Option<&Self> {
        match self {
            Self::Opaque(name, parameters) if &**name == OPTIONAL => parameters.first(),
            _ => None,
        }
    }

    /// What a type's parts are, in an order that types of one kind share.
    pub(super) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::List(element) | Self::Type(element) => vec![element],
            Self::Map(key, value) => vec![key, value],
            Self::Opaque(_, parameters) => parameters.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether two are alike but for their parts.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(_), Self::List(_)) | (Self::Map(..), Self::Map(..)) | (Self::Type(_), Self::Type(_)) => true,
            (Self::Opaque(a, left), Self::Opaque(b, right)) => a == b && left.len() == right.len(),
            _ => self == other,
        }
    }

    /// The same with each part changed.
    pub(super) fn rebuilt(&self, change: &mut dyn FnMut(&Self) -> Self) -> Self {
        match self {
            Self::List(element) => Self::list(change(element)),
            Self::Type(of) => Self::Type(Arc::new(change(of))),
            Self::Map(key, value) => Self::map(change(key), change(value)),
            Self::Opaque(name, parameters) => Self::Opaque(name.clone(), parameters.iter().map(change).collect()),
            other => other.clone(),
        }
    }

    /// Whether null is a value of it.
    pub(super) fn has_null(&self) -> bool {
        matches!(self, Self::Null | Self::Duration | Self::Timestamp | Self::Opaque(..) | Self::Object(_))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dyn => f.write_str("dyn"),
            Self::Error => f.write_str("!error!"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::UInt => f.write_str("uint"),
            Self::Double => f.write_str("double"),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::Duration => f.write_str("duration"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Map(key, value) => write!(f, "map({key}, {value})"),
            Self::Type(of) => write!(f, "type({of})"),
            Self::Object(object) => f.write_str(&object.name),
            Self::Param(name) => f.write_str(name),
            Self::Var(number) => write!(f, "_var{number}"),
            Self::Opaque(name, parameters) => {
                f.write_str(name)?;
                for (position, parameter) in parameters.iter().enumerate() {
                    write!(f, "{}{parameter}", if position == 0 { "(" } else { ", " })?;
                }
                f.write_str(if parameters.is_empty() { "" } else { ")" })
            }
        }
    }
}
