//! Regular expressions, wildcards and labels.

use std::borrow::Cow;

use regex::{NoExpand, Replacer};

use crate::wildcard;

use super::super::eval::Machine;
use super::super::functions::{Args, Pattern};
use super::super::value::{Error, Outcome, Val};

/// A string, or a number as text.
fn text_or_number<'v>(args: &'v Args<'_, '_>, at: usize) -> Result<Cow<'v, str>, Error> {
    match args.value(at)? {
        Val::Text(text) => Ok(Cow::Borrowed(&**text)),
        Val::Number(number) => Ok(Cow::Owned(single(*number))),
        _ => Err(args.not(at, "string or number")),
    }
}

/// A number in the digits that a single-precision float needs, as Kyverno writes it here.
pub(super) fn single(number: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the loss of digits is what is wanted")]
    let single = number as f32;
    format!("{single}")
}

/// The pattern that argument 0 is, with its use on `text` paid for.
fn pattern<'v>(machine: &mut Machine, args: &'v Args<'_, '_>, text: &str) -> Result<Cow<'v, Pattern>, Error> {
    let pattern = match args.pattern {
        Some(pattern) => Cow::Borrowed(pattern),
        None => {
            // To compile a pattern costs far more than the bytes it has.
            machine.pay(2_000 + 20 * args.text(0)?.len() as u64)?;
            Pattern::compile(args.text(0)?).map(Cow::Owned).or_else(|reason| args.failed(reason))?
        }
    };
    machine.pay(1 + pattern.steps(text.len()))?;
    Ok(pattern)
}

pub(super) fn regex_match<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = text_or_number(args, 1)?;
    Ok(Val::Bool(pattern(machine, args, &text)?.regex.is_match(&text)))
}

/// `$1` and `${name}` in the replacement stand for groups.
pub(super) fn regex_replace_all<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let replacement = text_or_number(args, 2)?;
    let groups = replacement.matches('$').count();
    replace(machine, args, &*replacement, |found| found.saturating_mul(groups).saturating_add(replacement.len()))
}

pub(super) fn regex_replace_all_literal<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let replacement = text_or_number(args, 2)?;
    replace(machine, args, NoExpand(&replacement), |_| replacement.len())
}

/// `size`: what a match of so many bytes may become at most.
fn replace<'a>(
    machine: &mut Machine,
    args: &Args<'_, 'a>,
    mut replacement: impl Replacer,
    size: impl Fn(usize) -> usize,
) -> Outcome<'a> {
    let text = text_or_number(args, 1)?;
    let pattern = pattern(machine, args, &text)?;
    let (mut replaced, mut end) = (String::new(), 0);
    for captures in pattern.regex.captures_iter(&text) {
        let Some(found) = captures.get(0) else { continue };
        // The search for the next match may run to the end and back.
        machine.pay(4 + text.len().saturating_sub(end) as u64 / 256)?;
        replaced.push_str(text.get(end..found.start()).unwrap_or_default());
        end = found.end();
        if replaced.len().saturating_add(size(found.len())) > machine.room() {
            return Err(Error::Limit("output"));
        }
        replacement.replace_append(&captures, &mut replaced);
    }
    replaced.push_str(text.get(end..).unwrap_or_default());
    machine.pay_text(replaced.len())?;
    Ok(Val::text(replaced))
}

pub(super) fn pattern_match<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (pattern, text) = (args.text(0)?, text_or_number(args, 1)?);
    machine.pay(1 + (pattern.len() as u64).saturating_mul(text.len() as u64) / 16)?;
    Ok(Val::Bool(wildcard::matches(pattern, &text)))
}

/// Whether the second map has all entries of the first.
pub(super) fn label_match<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (wanted, labels) = (args.map(0)?, args.map(1)?);
    for (key, value) in wanted.iter() {
        machine.pay(1 + labels.len() as u64 / 4)?;
        let is_same = match labels.get(&key) {
            Some(found) => machine.equal(&found, &value)?,
            None => false,
        };
        if !is_same {
            return Ok(Val::Bool(false));
        }
    }
    Ok(Val::Bool(true))
}
