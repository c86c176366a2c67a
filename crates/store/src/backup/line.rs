//! A row as a line of JSON and back. Bytes and fractions, which JSON cannot hold exactly, are objects of one field.

use serde_json::{Value as Json, json};

use crate::failure::Failure;
use crate::hex;
use crate::row::FromValue;
use crate::value::Value;

/// Any column, as it is.
pub(super) struct Any(pub Value<'static>);

impl FromValue for Any {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        Ok(Self(value))
    }
}

pub(super) fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(value) => json!(value),
        Value::Real(value) => json!({ "real": hex::encode(&value.to_be_bytes()) }),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!({ "bytes": hex::encode(bytes) }),
    }
}

/// None where a backup does not write this.
pub(super) fn from_json(json: Json) -> Option<Value<'static>> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::Int(number.as_i64()?),
        Json::String(text) => Value::from(text),
        Json::Object(fields) if fields.len() == 1 => {
            let (kind, digits) = fields.into_iter().next()?;
            let bytes = hex::decode(digits.as_str()?)?;
            match kind.as_str() {
                "bytes" => Value::from(bytes),
                "real" => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
                _ => return None,
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{from_json, to_json};
    use crate::Value;

    #[test]
    fn every_kind_of_value_reads_back_exactly() {
        let values = [
            Value::Null,
            Value::Int(i64::MIN),
            Value::Int(i64::MAX),
            Value::Real(0.1 + 0.2),
            Value::from("a\n\"ü\u{2028}"),
            Value::from(vec![0, 255, 10]),
        ];
        for value in values {
            let line = to_json(&value).to_string();
            assert!(!line.contains('\n'));
            assert_eq!(from_json(serde_json::from_str(&line).unwrap()), Some(value));
        }
        assert_eq!(from_json(serde_json::json!({ "bytes": "zz" })), None);
        assert_eq!(from_json(serde_json::json!(1.5)), None);
    }
}
