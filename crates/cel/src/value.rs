//! Values while an expression runs: scalars inline, JSON borrowed in place, computed lists and maps shared.

mod equality;
mod list;
mod map;
mod opaque;

use core::net::IpAddr;
use std::sync::Arc;

use rampart_model::Value as Json;
use rampart_model::document::Kind;

pub use equality::{compare, equal};
pub(crate) use equality::{compare_within, equal_within};
pub use list::List;
pub use map::{Key, Map};
pub use opaque::Opaque;

/// A value of the language. Cheap to copy: nothing in it is copied deeply.
#[derive(Debug, Clone)]
pub enum Val<'a> {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Double(f64),
    Str(Text<'a>),
    Bytes(Arc<[u8]>),
    List(List<'a>),
    Map(Map<'a>),
    /// Nanoseconds.
    Duration(i128),
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    Timestamp(i128),
    Type(&'static str),
    Optional(Option<Arc<Val<'a>>>),
    Ip(IpAddr),
    Cidr {
        address: IpAddr,
        prefix: u8,
    },
    Opaque(Arc<Opaque>),
}

/// A string that is borrowed from a document or shared.
#[derive(Debug, Clone)]
pub enum Text<'a> {
    Borrowed(&'a str),
    Shared(Arc<str>),
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    NoSuchKey(String),
    /// The operation does not exist for values of these types.
    NoSuchOverload {
        function: String,
        types: String,
    },
    DivisionByZero,
    Overflow,
    IndexOutOfRange(i64),
    Invalid(String),
    /// More steps than the limit allows.
    CostExceeded,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchKey(key) => write!(f, "no such key: {key}"),
            Self::NoSuchOverload { function, types } => write!(f, "no such overload: {function}({types})"),
            Self::DivisionByZero => f.write_str("division by zero"),
            Self::Overflow => f.write_str("integer overflow"),
            Self::IndexOutOfRange(index) => write!(f, "index out of bounds: {index}"),
            Self::Invalid(message) => f.write_str(message),
            Self::CostExceeded => f.write_str("the cost limit is exceeded"),
        }
    }
}

impl std::error::Error for Error {}

/// What evaluation gives.
pub type Outcome<'a> = Result<Val<'a>, Error>;

impl<'a> Val<'a> {
    /// The value of a document, without copying.
    pub fn of(json: Json<'a>) -> Self {
        match json.kind() {
            Kind::Null => Self::Null,
            Kind::Bool => Self::Bool(json.bool() == Some(true)),
            Kind::Number => match json.i64() {
                Some(integer) => Self::Int(integer),
                None => Self::Double(json.f64().unwrap_or(f64::NAN)),
            },
            Kind::String => Self::Str(Text::Borrowed(json.str().unwrap_or_default())),
            Kind::Array => Self::List(List::Json(json)),
            Kind::Object => Self::Map(Map::Json(json)),
        }
    }

    /// A string that is shared.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Str(Text::Shared(text.into()))
    }

    /// A list of what was made.
    pub fn list(items: Vec<Val<'a>>) -> Self {
        Self::List(List::Items(items.into()))
    }

    /// A value of a Kubernetes library.
    pub fn opaque(value: Opaque) -> Self {
        Self::Opaque(Arc::new(value))
    }

    /// An optional that holds a value.
    pub fn some(value: Val<'a>) -> Self {
        Self::Optional(Some(Arc::new(value)))
    }

    /// The name of its type, as `type` shows it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::UInt(_) => "uint",
            Self::Double(_) => "double",
            Self::Str(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Type(_) => "type",
            Self::Optional(_) => "optional_type",
            Self::Ip(_) => "net.IP",
            Self::Cidr { .. } => "net.CIDR",
            Self::Opaque(value) => value.type_name(),
        }
    }

    /// What `optional.ofNonZeroValue` takes for nothing.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(value) => !value,
            Self::Int(value) => *value == 0,
            Self::UInt(value) => *value == 0,
            Self::Double(value) => *value == 0.0,
            Self::Str(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.is_empty(),
            Self::Duration(nanos) => *nanos == 0,
            Self::Timestamp(_) | Self::Type(_) | Self::Ip(_) | Self::Cidr { .. } | Self::Opaque(_) => false,
            Self::Optional(value) => value.is_none(),
        }
    }

    /// The value of a field or key, with an error for what cannot have any.
    pub fn field(&self, name: &str) -> Outcome<'a> {
        match self {
            Self::Map(map) => map.field(name).ok_or_else(|| Error::NoSuchKey(name.to_owned())),
            // A field that is missing in an optional is no error but nothing.
            Self::Optional(Some(value)) => match &**value {
                Val::Map(map) => Ok(Self::Optional(map.field(name).map(Arc::new))),
                other => other.field(name),
            },
            Self::Optional(None) => Ok(Self::Optional(None)),
            other => Err(overload(&format!("select `{name}`"), std::slice::from_ref(other))),
        }
    }
}

/// The error that a function does not take values of these types.
pub fn overload(function: &str, args: &[Val<'_>]) -> Error {
    let types: Vec<_> = args.iter().map(Val::type_name).collect();
    Error::NoSuchOverload { function: function.to_owned(), types: types.join(", ") }
}
