//! What a plain YAML scalar means, as the YAML reader of kubectl and the API server takes it (YAML 1.1 resolution).

use super::Tag;

/// The meaning of an unquoted scalar.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// The text stands for itself, or for null, true or false.
    Is(Tag),
    /// A number whose literal is already as JSON writes it.
    Number,
    /// A number that JSON writes in another way.
    NumberAs(String),
}

pub(super) fn resolve(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else { return Plain::Is(Tag::Null) };
    match first {
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O' => word(text),
        b'0'..=b'9' | b'-' | b'+' | b'.' => number(text),
        _ => Plain::Is(Tag::String),
    }
}

fn word(text: &str) -> Plain {
    Plain::Is(match text {
        "~" | "null" | "Null" | "NULL" => Tag::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => Tag::True,
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => Tag::False,
        _ => Tag::String,
    })
}

fn number(text: &str) -> Plain {
    if is_json_number(text) {
        return if text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) { float(text) } else { Plain::Number };
    }
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Plain::Is(Tag::String);
    }
    let plain = text.replace('_', "");
    if let Some(integer) = integer(&plain) {
        return Plain::NumberAs(integer);
    }
    if is_float(&plain) { decimal(&plain) } else { Plain::Is(Tag::String) }
}

/// Integers with a prefix for their base; a leading zero means octal.
fn integer(plain: &str) -> Option<String> {
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain.strip_prefix('+').unwrap_or(plain)),
    };
    let (digits, radix) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (digits.get(2..)?, 16),
        [b'0', b'b' | b'B', ..] => (digits.get(2..)?, 2),
        [b'0', b'o' | b'O', ..] => (digits.get(2..)?, 8),
        [b'0', _, ..] => (digits.get(1..)?, 8),
        _ => (digits, 10),
    };
    if !digits.bytes().all(|digit| digit.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    let fits = sign.is_empty() || value <= i64::MAX.unsigned_abs() + 1;
    fits.then(|| format!("{sign}{value}"))
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(plain: &str) -> bool {
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at).unwrap_or_default(), unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    has_digits
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits))
}

/// A float in a form that JSON does not have, or an integer that no machine integer holds.
fn decimal(plain: &str) -> Plain {
    let (sign, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain.strip_prefix('+').unwrap_or(plain)),
    };
    if unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let digits = unsigned.trim_start_matches('0');
        return Plain::NumberAs(format!("{sign}{}", if digits.is_empty() { "0" } else { digits }));
    }
    match float(plain) {
        Plain::Number => match plain.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => Plain::NumberAs(number.to_string()),
            None => Plain::Is(Tag::String),
        },
        other => other,
    }
}

/// A float of a whole value becomes an integer, so that `runAsUser: 0.0` is 0 as it is in the cluster. What is too large
/// for a float is text.
fn float(text: &str) -> Plain {
    match text.parse::<f64>() {
        Ok(value) if !value.is_finite() => Plain::Is(Tag::String),
        Ok(value) if value.fract() == 0.0 && value.abs() < 1e21 => Plain::NumberAs(format!("{value:.0}")),
        Ok(_) => Plain::Number,
        Err(_) => Plain::Is(Tag::String),
    }
}

/// A float as a key: six digits before an exponent is used, in single precision.
pub(super) fn short_float(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "single precision is what the API server's reader keeps")]
    let value = value as f32;
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(power) = exponent.parse::<i32>() else { return scientific };
    if (-4..6).contains(&power) {
        return format!("{value}");
    }
    format!("{digits}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}

fn is_json_number(text: &str) -> bool {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut tail = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = tail.strip_prefix('.') {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        tail = fraction.get(count..).unwrap_or_default();
    }
    if let Some(exponent) = tail.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let count = digits(exponent);
        return count > 0 && count == exponent.len();
    }
    tail.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_read_as_kubernetes_reads_them() {
        let number = |text: &str| Plain::NumberAs(text.to_owned());
        for (text, meaning) in [
            ("", Plain::Is(Tag::Null)),
            ("~", Plain::Is(Tag::Null)),
            ("yes", Plain::Is(Tag::True)),
            ("Off", Plain::Is(Tag::False)),
            ("nope", Plain::Is(Tag::String)),
            ("1", Plain::Number),
            ("-0.5e3", number("-500")),
            ("0644", number("420")),
            ("0x1F", number("31")),
            ("1_000", number("1000")),
            ("+7", number("7")),
            (".5", number("0.5")),
            ("1.2.3", Plain::Is(Tag::String)),
            ("10.0.0.0/8", Plain::Is(Tag::String)),
            ("-", Plain::Is(Tag::String)),
            ("08", number("8")),
            ("0x", Plain::Is(Tag::String)),
            ("0o17", number("15")),
            ("-0b11", number("-3")),
            ("1.0", number("1")),
            ("1e3", number("1000")),
            ("1.5", Plain::Number),
            ("1e999", Plain::Is(Tag::String)),
            (".inf", Plain::Is(Tag::String)),
            ("18446744073709551616", Plain::Number),
            ("00018446744073709551616", number("18446744073709551616")),
            ("y", Plain::Is(Tag::True)),
            ("N", Plain::Is(Tag::False)),
            ("nULL", Plain::Is(Tag::String)),
            ("12:30:45", Plain::Is(Tag::String)),
            ("1_", number("1")),
            ("+0x_F", number("15")),
            ("1e", Plain::Is(Tag::String)),
            ("2026-01-01", Plain::Is(Tag::String)),
        ] {
            assert_eq!(resolve(text), meaning, "{text}");
        }
    }
}
