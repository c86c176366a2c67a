//! From type to type.

use super::{Entry, invalid, no, string};
use crate::time;
use crate::value::{Error, Opaque, Outcome, Val};

pub(super) const GLOBALS: &[Entry] = &[
    ("int", int),
    ("uint", uint),
    ("double", double),
    ("string", to_string),
    ("bytes", bytes),
    ("bool", bool),
    ("dyn", identity),
    ("type", type_of),
    ("duration", duration),
    ("timestamp", timestamp),
];

fn identity<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [value] => Ok(value.clone()),
        _ => no(name, args),
    }
}

fn type_of<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [value] => Ok(Val::Type(value.type_name())),
        _ => no(name, args),
    }
}

fn number<'a, N: std::str::FromStr>(text: &str, make: fn(N) -> Val<'a>) -> Outcome<'a> {
    text.parse().map(make).map_err(|_| Error::Invalid(format!("`{text}` is no such number")))
}

fn int<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Int(value)] => Ok(Val::Int(*value)),
        [Val::UInt(value)] => i64::try_from(*value).map(Val::Int).map_err(|_| Error::Overflow),
        // The bounds themselves are refused: a double cannot tell them from the numbers beyond.
        [Val::Double(value)] if *value > -9_223_372_036_854_775_808.0 && *value < 9_223_372_036_854_775_808.0 => {
            #[expect(clippy::cast_possible_truncation, reason = "the range is checked, and fractions are cut off")]
            let integer = *value as i64;
            Ok(Val::Int(integer))
        }
        [Val::Double(_)] => Err(Error::Overflow),
        [Val::Str(text)] => number(text, Val::Int),
        [Val::Timestamp(nanos)] => i64::try_from(time::seconds(*nanos)).map(Val::Int).map_err(|_| Error::Overflow),
        [Val::Duration(nanos)] => i64::try_from(*nanos).map(Val::Int).map_err(|_| Error::Overflow),
        _ => no(name, args),
    }
}

fn uint<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::UInt(value)] => Ok(Val::UInt(*value)),
        [Val::Int(value)] => u64::try_from(*value).map(Val::UInt).map_err(|_| Error::Overflow),
        [Val::Double(value)] if *value >= 0.0 && *value < 18_446_744_073_709_551_616.0 => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range is checked, and fractions are cut off"
            )]
            let integer = *value as u64;
            Ok(Val::UInt(integer))
        }
        [Val::Double(_)] => Err(Error::Overflow),
        [Val::Str(text)] => number(text, Val::UInt),
        _ => no(name, args),
    }
}

#[expect(clippy::cast_precision_loss, reason = "rounding to the nearest double is what the conversion means")]
fn double<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Double(value)] => Ok(Val::Double(*value)),
        [Val::Int(value)] => Ok(Val::Double(*value as f64)),
        [Val::UInt(value)] => Ok(Val::Double(*value as f64)),
        [Val::Str(text)] => number(text, Val::Double),
        _ => no(name, args),
    }
}

fn to_string<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Bytes(bytes)] => match std::str::from_utf8(bytes) {
            Ok(text) => string(text),
            Err(_) => invalid("bytes that are not UTF-8 have no string"),
        },
        [Val::Str(text)] => Ok(Val::Str(text.clone())),
        [value @ (Val::Null | Val::List(_) | Val::Map(_) | Val::Optional(_) | Val::Opaque(_))] => {
            no(name, std::slice::from_ref(value))
        }
        [value] => string(display(value)),
        _ => no(name, args),
    }
}

/// A scalar as `string` and `%s` write it.
pub(crate) fn display(value: &Val<'_>) -> String {
    match value {
        Val::Null => "null".to_owned(),
        Val::Bool(value) => value.to_string(),
        Val::Int(value) => value.to_string(),
        Val::UInt(value) => value.to_string(),
        Val::Double(value) => double_text(*value),
        Val::Str(text) => text.to_string(),
        Val::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Val::Duration(nanos) => time::duration_text(*nanos),
        Val::Timestamp(nanos) => time::timestamp_text(*nanos),
        Val::Type(name) => (*name).to_owned(),
        Val::Ip(address) => address.to_string(),
        Val::Cidr { address, prefix } => format!("{address}/{prefix}"),
        Val::Opaque(value) => opaque_text(value),
        other => other.type_name().to_owned(),
    }
}

fn opaque_text(value: &Opaque) -> String {
    match value {
        Opaque::Quantity(quantity) => quantity.to_string(),
        Opaque::Semver(version) => version.to_string(),
        Opaque::Format(format) => format.name().to_owned(),
        Opaque::Url(_) | Opaque::Host(_) => value.type_name().to_owned(),
    }
}

/// Shortest text that reads back; with an exponent where the number is very large or small.
pub(super) fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e21).contains(&magnitude) {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    value.to_string()
}

fn bytes<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Bytes(bytes)] => Ok(Val::Bytes(bytes.clone())),
        [Val::Str(text)] => Ok(Val::Bytes(text.as_bytes().into())),
        _ => no(name, args),
    }
}

fn bool<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Bool(value)] => Ok(Val::Bool(*value)),
        [Val::Str(text)] => match &**text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Val::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Val::Bool(false)),
            other => invalid(format!("`{other}` is neither true nor false")),
        },
        _ => no(name, args),
    }
}

fn duration<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Duration(nanos)] => Ok(Val::Duration(*nanos)),
        [Val::Int(nanos)] => time::duration(Some(i128::from(*nanos))),
        [Val::Str(text)] => match time::parse_duration(text) {
            Some(nanos) => time::duration(Some(nanos)),
            None => invalid(format!("`{}` is no duration; write it as `1h30m`", &**text)),
        },
        _ => no(name, args),
    }
}

fn timestamp<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Timestamp(nanos)] => Ok(Val::Timestamp(*nanos)),
        [Val::Int(seconds)] => time::timestamp(Some(time::from_seconds(*seconds))),
        [Val::Str(text)] => match time::parse_timestamp(text) {
            Some(nanos) => time::timestamp(Some(nanos)),
            None => invalid(format!("`{}` is no timestamp; write it as `2026-01-31T00:00:00Z`", &**text)),
        },
        _ => no(name, args),
    }
}
