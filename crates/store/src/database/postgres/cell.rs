//! Values on PostgreSQL's wire: the column's type decides, so that one statement serves both databases.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};

use crate::value::Value;

type Fault = Box<dyn Error + Sync + Send>;

impl ToSql for Value<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => integer(*value, wanted, out),
            Self::Real(value) => value.to_sql(wanted, out),
            Self::Text(text) => text.as_ref().to_sql(wanted, out),
            Self::Bytes(bytes) => bytes.as_ref().to_sql(wanted, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        let fits = match self {
            Self::Null | Self::Int(_) => true,
            Self::Real(_) => *wanted == Type::FLOAT8,
            Self::Text(_) => <&str as ToSql>::accepts(wanted),
            Self::Bytes(_) => *wanted == Type::BYTEA,
        };
        if fits {
            self.to_sql(wanted, out)
        } else {
            Err(format!("a value was given for a column of type {wanted}").into())
        }
    }
}

fn integer(value: i64, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
    match *wanted {
        Type::INT8 => value.to_sql(wanted, out),
        Type::INT4 => i32::try_from(value)?.to_sql(wanted, out),
        Type::INT2 => i16::try_from(value)?.to_sql(wanted, out),
        Type::BOOL => (value != 0).to_sql(wanted, out),
        _ => Err(format!("a number was given for a column of type {wanted}").into()),
    }
}

/// A column of an answer, whatever its type.
pub(super) struct Cell(pub(super) Value<'static>);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(found: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        let value = match *found {
            Type::INT8 => Value::Int(i64::from_sql(found, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(found, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(found, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(found, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(found, raw)?),
            Type::BYTEA => Value::Bytes(Vec::<u8>::from_sql(found, raw)?.into()),
            _ if <String as FromSql>::accepts(found) => Value::Text(String::from_sql(found, raw)?.into()),
            _ => return Err(format!("a column of type {found} cannot be read; cast it in the statement").into()),
        };
        Ok(Self(value))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
