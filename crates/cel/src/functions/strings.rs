//! The string library; positions count characters.

use super::{Entry, conversions, invalid, no, string};
use crate::value::{Error, Outcome, Text, Val, overload};

pub(super) const GLOBALS: &[Entry] = &[("strings.quote", quote)];

pub(super) const METHODS: &[Entry] = &[
    ("contains", |name, args| test(name, args, |text, part| text.contains(part))),
    ("startsWith", |name, args| test(name, args, |text, part| text.starts_with(part))),
    ("endsWith", |name, args| test(name, args, |text, part| text.ends_with(part))),
    ("matches", conversions::matches),
    ("charAt", char_at),
    ("indexOf", |name, args| position(name, args, false)),
    ("lastIndexOf", |name, args| position(name, args, true)),
    ("lowerAscii", |name, args| change(name, args, |text| text.to_ascii_lowercase())),
    ("upperAscii", |name, args| change(name, args, |text| text.to_ascii_uppercase())),
    ("trim", |name, args| change(name, args, |text| text.trim().to_owned())),
    ("reverse", reverse),
    ("replace", replace),
    ("split", split),
    ("substring", substring),
    ("join", join),
    ("find", find),
    ("findAll", find_all),
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
fn within(position: i64, length: usize) -> Result<usize, Error> {
    usize::try_from(position).ok().filter(|position| *position <= length).ok_or(Error::IndexOutOfRange(position))
}

fn char_at<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(text), Val::Int(index)] = args else { return no(name, args) };
    let index = within(*index, text.chars().count())?;
    string(text.chars().nth(index).map(String::from).unwrap_or_default())
}

fn position<'a>(name: &str, args: &[Val<'a>], last: bool) -> Outcome<'a> {
    if let [Val::List(list), wanted] = args {
        let mut places =
            list.iter().enumerate().filter(|(_, item)| crate::value::equal(item, wanted)).map(|(at, _)| at);
        let found = if last { places.last() } else { places.next() };
        return Ok(Val::Int(found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)));
    }
    let (text, part, from) = match args {
        [Val::Str(text), Val::Str(part)] => (text, part, None),
        [Val::Str(text), Val::Str(part), Val::Int(from)] => (text, part, Some(*from)),
        _ => return no(name, args),
    };
    let characters: Vec<char> = text.chars().collect();
    let part: Vec<char> = part.chars().collect();
    let from = from.map(|from| within(from, characters.len())).transpose()?;
    let fits = |at: &usize| characters.get(*at..*at + part.len()) == Some(part.as_slice());
    let found = if last {
        (0..=from.unwrap_or(characters.len())).rev().find(fits)
    } else {
        (from.unwrap_or(0)..=characters.len()).find(fits)
    };
    Ok(Val::Int(found.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)))
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
fn limit(count: Option<i64>) -> usize {
    count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX)
}

fn replace<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let (text, old, new, count) = match args {
        [Val::Str(text), Val::Str(old), Val::Str(new)] => (text, old, new, None),
        [Val::Str(text), Val::Str(old), Val::Str(new), Val::Int(count)] => (text, old, new, Some(*count)),
        _ => return no(name, args),
    };
    string(text.replacen(&**old, new, limit(count)))
}

fn split<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let (text, separator, count) = match args {
        [Val::Str(text), Val::Str(separator)] => (text, separator, None),
        [Val::Str(text), Val::Str(separator), Val::Int(count)] => (text, separator, Some(*count)),
        _ => return no(name, args),
    };
    let limit = limit(count);
    let part = |part: &str| Val::Str(Text::Shared(part.into()));
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

fn join<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let (list, separator) = match args {
        [Val::List(list)] => (list, ""),
        [Val::List(list), Val::Str(separator)] => (list, &**separator),
        _ => return no(name, args),
    };
    let mut parts = Vec::with_capacity(list.len());
    for item in list.iter() {
        match item {
            Val::Str(text) => parts.push(text.to_string()),
            other => return Err(overload(name, &[other])),
        }
    }
    string(parts.join(separator))
}

/// The Kubernetes regex library: the first match, or an empty string.
fn find<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(text), Val::Str(wanted)] = args else { return no(name, args) };
    let pattern = super::pattern(wanted).map_err(Error::Invalid)?;
    string(pattern.find(text).map_or("", |found| found.as_str()))
}

fn find_all<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let (text, wanted, count) = match args {
        [Val::Str(text), Val::Str(wanted)] => (text, wanted, None),
        [Val::Str(text), Val::Str(wanted), Val::Int(count)] => (text, wanted, Some(*count)),
        _ => return no(name, args),
    };
    let pattern = super::pattern(wanted).map_err(Error::Invalid)?;
    let found = pattern.find_iter(text).take(limit(count)).map(|found| Val::Str(Text::Shared(found.as_str().into())));
    Ok(Val::list(found.collect()))
}

fn quote<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(text)] = args else { return no(name, args) };
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
