//! One row of an answer, read column by column from the left.

use jiff::Timestamp;

use crate::failure::Failure;
use crate::value::Value;

#[derive(Debug)]
pub struct Row {
    cells: std::vec::IntoIter<Value<'static>>,
}

impl Row {
    pub(crate) fn new(cells: Vec<Value<'static>>) -> Self {
        Self { cells: cells.into_iter() }
    }

    /// The next column. The order of the calls is the order of the columns in the statement.
    ///
    /// # Errors
    /// There is no further column, or it holds something else.
    pub fn take<T: FromValue>(&mut self) -> Result<T, Failure> {
        let cell = self.cells.next().ok_or_else(|| Failure::corrupt("a row has too few columns"))?;
        T::from_value(cell)
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// # Errors
    /// The column holds something else.
    fn from_value(value: Value<'static>) -> Result<Self, Failure>;
}

fn mismatch<T>(wanted: &str, value: &Value<'_>) -> Result<T, Failure> {
    let found = match value {
        Value::Null => "nothing",
        Value::Int(_) => "a number",
        Value::Real(_) => "a fraction",
        Value::Text(_) => "a text",
        Value::Bytes(_) => "bytes",
    };
    Err(Failure::corrupt(format!(
        "a column holds {found} where {wanted} is expected: restore the database from a backup"
    )))
}

impl FromValue for i64 {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        match value {
            Value::Int(value) => Ok(value),
            other => mismatch("a number", &other),
        }
    }
}

macro_rules! narrower {
    ($($type:ty),*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value<'static>) -> Result<Self, Failure> {
                let wide = i64::from_value(value)?;
                Self::try_from(wide).or_else(|_| mismatch("a smaller number", &Value::Int(wide)))
            }
        }
    )*};
}
narrower!(u8, u32, u64, usize);

impl FromValue for bool {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        i64::from_value(value).map(|value| value != 0)
    }
}

impl FromValue for f64 {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        match value {
            Value::Real(value) => Ok(value),
            other => mismatch("a fraction", &other),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        match value {
            Value::Text(text) => Ok(text.into_owned()),
            other => mismatch("a text", &other),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.into_owned()),
            other => mismatch("bytes", &other),
        }
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        let micros = i64::from_value(value)?;
        Self::from_microsecond(micros).or_else(|_| mismatch("an instant", &Value::Int(micros)))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}
