//! `"..".format([..])`.

use super::conversions::display;
use super::{MeteredEntry, invalid, no, string};
use crate::meter::Meter;
use crate::value::{Error, Map, Outcome, Val, overload};

pub(super) const METERED_METHODS: &[MeteredEntry] = &[("format", format_text)];

/// More digits behind the point than a double holds.
const MOST_DIGITS: usize = 1000;

fn format_text<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::Str(template), Val::List(values)] = args else { return no(name, args) };
    let mut text = String::with_capacity(template.len());
    let mut rest: &str = template;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(tail) = rest.strip_prefix('%') {
            text.push('%');
            rest = tail;
            continue;
        }
        let (digits, tail) = precision(rest)?;
        let verb = tail.chars().next().ok_or_else(|| Error::Invalid("a format ends in `%`".to_owned()))?;
        rest = tail.get(verb.len_utf8()..).unwrap_or_default();
        let value = values.get(next).ok_or_else(|| Error::Invalid(format!("the format has no value {next}")))?;
        next += 1;
        meter.pay(1 + values.walk(next))?;
        let part = clause(verb, digits, &value, meter)?;
        meter.text(part.len())?;
        text.push_str(&part);
    }
    text.push_str(rest);
    string(text)
}

/// `.3` before a verb.
fn precision(rest: &str) -> Result<(Option<usize>, &str), Error> {
    let Some(tail) = rest.strip_prefix('.') else { return Ok((None, rest)) };
    let end = tail.find(|next: char| !next.is_ascii_digit()).unwrap_or(tail.len());
    let digits = tail.get(..end).and_then(|digits| digits.parse().ok()).filter(|digits| *digits <= MOST_DIGITS);
    match digits {
        Some(digits) => Ok((Some(digits), tail.get(end..).unwrap_or_default())),
        None => Err(Error::Invalid("a format has a bad precision".to_owned())),
    }
}

fn clause(verb: char, digits: Option<usize>, value: &Val<'_>, meter: &mut Meter) -> Result<String, Error> {
    let wrong = || Err(overload(&format!("%{verb}"), std::slice::from_ref(value)));
    if let Val::Double(double) = value
        && !double.is_finite()
        && matches!(verb, 'd' | 'e' | 'f')
    {
        return Ok(plain_double(*double));
    }
    match (verb, value) {
        ('s', value) => nested(value, meter),
        ('d', Val::Int(_) | Val::UInt(_) | Val::Double(_)) => Ok(scalar(value)),
        ('f', Val::Int(_) | Val::UInt(_) | Val::Double(_)) => Ok(fixed(as_double(value), digits.unwrap_or(6))),
        ('e', Val::Int(_) | Val::UInt(_) | Val::Double(_)) => Ok(scientific(as_double(value), digits.unwrap_or(6))),
        ('b', Val::Bool(flag)) => Ok(u8::from(*flag).to_string()),
        ('b' | 'o' | 'x' | 'X', Val::Int(number)) => {
            let sign = if *number < 0 { "-" } else { "" };
            Ok(format!("{sign}{}", radix(verb, number.unsigned_abs())))
        }
        ('b' | 'o' | 'x' | 'X', Val::UInt(number)) => Ok(radix(verb, *number)),
        ('x' | 'X', Val::Str(text)) => Ok(hexadecimal(verb, text.as_bytes())),
        ('x' | 'X', Val::Bytes(bytes)) => Ok(hexadecimal(verb, bytes)),
        ('d' | 'f' | 'e' | 'b' | 'o' | 'x' | 'X', _) => wrong(),
        _ => invalid(format!("unknown format `%{verb}`")).map(|_| String::new()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "rounding to the nearest double is what the conversion means")]
fn as_double(value: &Val<'_>) -> f64 {
    match value {
        Val::Int(value) => *value as f64,
        Val::UInt(value) => *value as f64,
        Val::Double(value) => *value,
        _ => f64::NAN,
    }
}

fn radix(verb: char, number: u64) -> String {
    match verb {
        'b' => format!("{number:b}"),
        'o' => format!("{number:o}"),
        'x' => format!("{number:x}"),
        _ => format!("{number:X}"),
    }
}

fn hexadecimal(verb: char, bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if verb == 'X' { text.to_ascii_uppercase() } else { text }
}

fn fixed(value: f64, digits: usize) -> String {
    format!("{value:.digits$}")
}

/// With a sign and at least two digits in the exponent, as C writes it.
fn scientific(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{mantissa}e{sign}{exponent:0>2}")
}

fn plain_double(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else {
        value.to_string()
    }
}

fn scalar(value: &Val<'_>) -> String {
    match value {
        Val::Double(value) => plain_double(*value),
        other => display(other),
    }
}

/// Lists and maps as they are read, maps in the order of their keys' text.
fn nested(value: &Val<'_>, meter: &mut Meter) -> Result<String, Error> {
    meter.pay(1)?;
    match value {
        Val::Str(text) => {
            meter.text(text.len())?;
            Ok(text.to_string())
        }
        Val::List(list) => {
            let items = list.iter().map(|item| nested(&item, meter)).collect::<Result<Vec<_>, _>>()?;
            meter.text(items.iter().map(|item| item.len() + 2).sum())?;
            Ok(format!("[{}]", items.join(", ")))
        }
        Val::Map(map) => nested_map(map, meter),
        Val::Optional(_) => Err(overload("%s", std::slice::from_ref(value))),
        other => Ok(scalar(other)),
    }
}

fn nested_map(map: &Map<'_>, meter: &mut Meter) -> Result<String, Error> {
    let entries = map.entries().map(|(key, value)| Ok((nested(&key, meter)?, nested(&value, meter)?)));
    let mut entries = entries.collect::<Result<Vec<_>, Error>>()?;
    meter.text(entries.iter().map(|(key, value)| key.len() + value.len() + 4).sum())?;
    entries.sort();
    let entries: Vec<_> = entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    Ok(format!("{{{}}}", entries.join(", ")))
}
