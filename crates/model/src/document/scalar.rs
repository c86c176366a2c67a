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
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Tag::True,
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Tag::False,
        _ => Tag::String,
    })
}

fn number(text: &str) -> Plain {
    if is_json_number(text) {
        return Plain::Number;
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let plain = digits.replace('_', "");
    let radix = |prefix: &str, radix: u32| {
        plain
            .strip_prefix(prefix)
            .and_then(|body| u64::from_str_radix(body, radix).ok())
            .map(|value| format!("{sign}{value}"))
    };
    let integer = radix("0x", 16).or_else(|| radix("0b", 2)).or_else(|| radix("0o", 8)).or_else(|| {
        // An old-style octal such as `0644`.
        let octal =
            plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
        if octal { radix("0", 8) } else { None }
    });
    if let Some(integer) = integer {
        return Plain::NumberAs(integer);
    }
    if plain.bytes().all(|byte| byte.is_ascii_digit()) && !plain.is_empty() && (plain == "0" || !plain.starts_with('0'))
    {
        return Plain::NumberAs(format!("{sign}{plain}"));
    }
    float(sign, &plain).map_or(Plain::Is(Tag::String), Plain::NumberAs)
}

/// Floats such as `.5`, `1.` and `+1e3`; infinities and NaN have no JSON form and stay text.
fn float(sign: &str, plain: &str) -> Option<String> {
    let shape = plain.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    let has_digit = plain.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.')
        && plain.bytes().any(|byte| byte.is_ascii_digit());
    if !shape || !has_digit || !plain.contains(['.', 'e', 'E']) {
        return None;
    }
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then(|| serde_json::Number::from_f64(value)).flatten().map(|number| format!("{sign}{number}"))
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
            ("-0.5e3", Plain::Number),
            ("0644", number("420")),
            ("0x1F", number("31")),
            ("1_000", number("1000")),
            ("+7", number("7")),
            (".5", number("0.5")),
            ("1.2.3", Plain::Is(Tag::String)),
            ("10.0.0.0/8", Plain::Is(Tag::String)),
            ("-", Plain::Is(Tag::String)),
            ("08", Plain::Is(Tag::String)),
            ("1e", Plain::Is(Tag::String)),
            ("2026-01-01", Plain::Is(Tag::String)),
        ] {
            assert_eq!(resolve(text), meaning, "{text}");
        }
    }
}
