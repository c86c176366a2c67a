//! Regular expressions: `matches`, the Kubernetes library (`find`, `findAll`) and the extension (`regex.replace`, ..).

use regex::Captures;

use super::strings::limit;
use super::{MeteredEntry, no, string};
use crate::meter::Meter;
use crate::value::{Error, Outcome, Val};

pub(super) const METERED_GLOBALS: &[MeteredEntry] =
    &[("matches", matches), ("regex.replace", replace), ("regex.extract", extract), ("regex.extractAll", extract_all)];

pub(super) const METERED_METHODS: &[MeteredEntry] = &[("matches", matches), ("find", find), ("findAll", find_all)];

fn matches<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    match args {
        [Val::Str(text), Val::Str(wanted)] => Ok(Val::Bool(meter.pattern(wanted)?.is_match(text))),
        _ => no(name, args),
    }
}

/// The first match, or an empty string.
fn find<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::Str(text), Val::Str(wanted)] = args else { return no(name, args) };
    string(meter.pattern(wanted)?.find(text).map_or("", |found| found.as_str()))
}

fn find_all<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (text, wanted, count) = match args {
        [Val::Str(text), Val::Str(wanted)] => (text, wanted, None),
        [Val::Str(text), Val::Str(wanted), Val::Int(count)] => (text, wanted, Some(*count)),
        _ => return no(name, args),
    };
    let pattern = meter.pattern(wanted)?;
    collect(pattern.find_iter(text).take(limit(count)).map(|found| found.as_str()), meter)
}

/// A list of texts, each paid for when it is added.
fn collect<'a, 't>(texts: impl Iterator<Item = &'t str>, meter: &mut Meter) -> Outcome<'a> {
    let mut list = Vec::new();
    for text in texts {
        meter.pay(1)?;
        meter.make(size_of::<Val<'_>>() + 16)?;
        meter.text(text.len())?;
        list.push(Val::text(text));
    }
    Ok(Val::list(list))
}

/// A piece of a replacement.
enum Piece {
    Text(String),
    Group(usize),
}

/// A replacement names groups by `\1`; two backslashes are one.
fn pieces(replacement: &str, groups: usize) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut characters = replacement.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('\\') => text.push('\\'),
            Some(digit @ '0'..='9') => {
                let group = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(0);
                if group > groups {
                    return Err(Error::Invalid(format!(
                        "the replacement names group {group}, the pattern has {groups}"
                    )));
                }
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Group(group));
            }
            _ => {
                return Err(Error::Invalid(
                    "a backslash in a replacement needs a digit or a backslash behind it".to_owned(),
                ));
            }
        }
    }
    pieces.push(Piece::Text(text));
    Ok(pieces)
}

fn replace<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (text, wanted, replacement, count) = match args {
        [Val::Str(text), Val::Str(wanted), Val::Str(new)] => (text, wanted, new, None),
        [Val::Str(text), Val::Str(wanted), Val::Str(new), Val::Int(count)] => (text, wanted, new, Some(*count)),
        _ => return no(name, args),
    };
    let pattern = meter.pattern(wanted)?;
    let pieces = pieces(replacement, pattern.captures_len() - 1)?;
    let mut made = String::new();
    let mut from = 0;
    for found in pattern.captures_iter(text).take(limit(count)) {
        let Some(whole) = found.get(0) else { continue };
        append(&mut made, text.get(from..whole.start()).unwrap_or_default(), meter)?;
        for piece in &pieces {
            meter.pay(1)?;
            match piece {
                Piece::Text(text) => append(&mut made, text, meter)?,
                Piece::Group(group) => append(&mut made, group_text(&found, *group), meter)?,
            }
        }
        from = whole.end();
    }
    append(&mut made, text.get(from..).unwrap_or_default(), meter)?;
    string(made)
}

fn append(made: &mut String, text: &str, meter: &mut Meter) -> Result<(), Error> {
    meter.text(text.len())?;
    made.push_str(text);
    Ok(())
}

fn group_text<'t>(found: &Captures<'t>, group: usize) -> &'t str {
    found.get(group).map_or("", |found| found.as_str())
}

/// The group that is extracted: the only one, or the whole match.
fn only_group(pattern: &regex::Regex) -> Result<usize, Error> {
    match pattern.captures_len() - 1 {
        groups @ (0 | 1) => Ok(groups),
        groups => {
            Err(Error::Invalid(format!("the pattern `{pattern}` has {groups} groups; at most one can be extracted")))
        }
    }
}

fn extract<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::Str(text), Val::Str(wanted)] = args else { return no(name, args) };
    let pattern = meter.pattern(wanted)?;
    let group = only_group(&pattern)?;
    let found = pattern.captures(text).and_then(|found| found.get(group));
    Ok(found.map_or(Val::Optional(None), |found| Val::some(Val::text(found.as_str()))))
}

fn extract_all<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::Str(text), Val::Str(wanted)] = args else { return no(name, args) };
    let pattern = meter.pattern(wanted)?;
    let group = only_group(&pattern)?;
    let found = pattern.captures_iter(text).filter_map(|found| found.get(group)).map(|found| found.as_str());
    // A group that matched nothing gives nothing.
    collect(found.filter(|text| group == 0 || !text.is_empty()), meter)
}
