//! The string library; positions count characters.

use super::{Entry, MeteredEntry, conversions, invalid, no, string};
use crate::meter::Meter;
use crate::value::{Error, Outcome, Text, Val, overload};

pub(super) const METERED_GLOBALS: &[MeteredEntry] = &[("strings.quote", quote)];

pub(super) const METERED_METHODS: &[MeteredEntry] = &[("replace", replace), ("split", split), ("join", join)];

pub(super) const METHODS: &[Entry] = &[
    ("contains", |name, args| test(name, args, |text, part| text.contains(part))),
    ("startsWith", |name, args| test(name, args, |text, part| text.starts_with(part))),
    ("endsWith", |name, args| test(name, args, |text, part| text.ends_with(part))),
    ("charAt", char_at),
    ("lowerAscii", |name, args| change(name, args, |text| text.to_ascii_lowercase())),
    ("upperAscii", |name, args| change(name, args, |text| text.to_ascii_uppercase())),
    ("trim", |name, args| change(name, args, |text| text.trim().to_owned())),
    ("reverse", reverse),
    ("substring", substring),
];

fn test<'a>(name: &str, args: &[Val<'a>], test: fn(&str, &str) -> bool) -> Outcome<'a> {
    match args {
        [Val::Str(text), Val::Str(part)] => Ok(Val::Bool(test(text, part))),
        _ => no(name, args),
    }
}

fn change<'a>(name: &str, args: &[Val<'a>], change: fn(&str) -> String) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => string(change(text)),
        _ => no(name, args),
    }
}

fn reverse<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => string(text.chars().rev().collect::<String>()),
        [Val::List(list)] => {
            let mut items = list.to_vec();
            items.reverse();
            Ok(Val::list(items))
        }
        _ => no(name, args),
    }
}

/// A position within `0..=length`.
pub(super) fn within(position: i64, length: usize) -> Result<usize, Error> {
    usize::try_from(position).ok().filter(|position| *position <= length).ok_or(Error::IndexOutOfRange(position))
}

fn char_at<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(text), Val::Int(index)] = args else { return no(name, args) };
    let index = within(*index, text.chars().count())?;
    string(text.chars().nth(index).map(String::from).unwrap_or_default())
}

fn substring<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let (text, from, to) = match args {
        [Val::Str(text), Val::Int(from)] => (text, *from, None),
        [Val::Str(text), Val::Int(from), Val::Int(to)] => (text, *from, Some(*to)),
        _ => return no(name, args),
    };
    let length = text.chars().count();
    let from = within(from, length)?;
    let to = to.map_or(Ok(length), |to| within(to, length))?;
    if from > to {
        return invalid(format!("substring from {from} to {to}"));
    }
    string(text.chars().skip(from).take(to - from).collect::<String>())
}

/// How often: a negative number means without limit.
pub(super) fn limit(count: Option<i64>) -> usize {
    count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX)
}

fn replace<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (text, old, new, count) = match args {
        [Val::Str(text), Val::Str(old), Val::Str(new)] => (text, old, new, None),
        [Val::Str(text), Val::Str(old), Val::Str(new), Val::Int(count)] => (text, old, new, Some(*count)),
        _ => return no(name, args),
    };
    let found = text.matches(&**old).take(limit(count)).count();
    meter.text(text.len().saturating_add(found.saturating_mul(new.len())))?;
    string(text.replacen(&**old, new, limit(count)))
}

fn split<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (text, separator, count) = match args {
        [Val::Str(text), Val::Str(separator)] => (text, separator, None),
        [Val::Str(text), Val::Str(separator), Val::Int(count)] => (text, separator, Some(*count)),
        _ => return no(name, args),
    };
    let limit = limit(count);
    let part = |part: &str| Val::Str(Text::Shared(part.into()));
    let count = if separator.is_empty() { text.len() } else { text.matches(&**separator).count() + 1 }.min(limit);
    meter.pay(count as u64)?;
    // Beside the value itself, each part is an allocation.
    meter.make(count.saturating_mul(size_of::<Val<'_>>() + 32))?;
    let parts: Vec<Val<'a>> = match (limit, separator.is_empty()) {
        (0, _) => Vec::new(),
        (_, false) => text.splitn(limit, &**separator).map(part).collect(),
        (_, true) => {
            let mut starts = text.char_indices().map(|(at, _)| at).skip(1).take(limit - 1).chain([text.len()]);
            let mut from = 0;
            let mut parts = Vec::new();
            while let Some(to) = starts.next().filter(|_| from < text.len()) {
                parts.push(part(text.get(from..to).unwrap_or_default()));
                from = to;
            }
            if let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty())
                && let Some(last) = parts.pop()
            {
                let last = conversions::display(&last);
                parts.push(part(&format!("{last}{rest}")));
            }
            parts
        }
    };
    Ok(Val::list(parts))
}

fn join<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (list, separator) = match args {
        [Val::List(list)] => (list, ""),
        [Val::List(list), Val::Str(separator)] => (list, &**separator),
        _ => return no(name, args),
    };
    let mut parts = Vec::with_capacity(list.len());
    for item in list.iter() {
        match item {
            Val::Str(text) => {
                meter.pay(1)?;
                meter.text(text.len() + separator.len())?;
                parts.push(text.to_string());
            }
            other => return Err(overload(name, &[other])),
        }
    }
    string(parts.join(separator))
}

fn quote<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::Str(text)] = args else { return no(name, args) };
    meter.text(text.len().saturating_mul(2))?;
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    string(quoted)
}
