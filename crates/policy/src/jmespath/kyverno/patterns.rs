//! Regular expressions, wildcards and labels.

use std::borrow::Cow;

use regex::{NoExpand, Replacer};

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
    Ok(Val::Bool(matches_wildcard(pattern.as_bytes(), text.as_bytes())))
}

/// `*` is any run of bytes, `?` one byte; there is nothing else, and no way to escape them.
fn matches_wildcard(mut pattern: &[u8], mut text: &[u8]) -> bool {
    // Where to go on when a match fails: behind the last star, one byte further in the text.
    let mut resume: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern, text) {
            ([b'*', rest @ ..], _) => {
                resume = Some((rest, text));
                pattern = rest;
            }
            ([b'?', pattern_rest @ ..], [_, text_rest @ ..]) => (pattern, text) = (pattern_rest, text_rest),
            ([wanted, pattern_rest @ ..], [found, text_rest @ ..]) if wanted == found => {
                (pattern, text) = (pattern_rest, text_rest);
            }
            ([], []) => return true,
            _ => match resume {
                Some((behind, [_, further @ ..])) => {
                    resume = Some((behind, further));
                    (pattern, text) = (behind, further);
                }
                _ => return false,
            },
        }
    }
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

#[cfg(test)]
mod tests {
    use super::matches_wildcard;

    #[test]
    fn wildcards_match_runs_and_single_bytes() {
        let is_match = |pattern: &str, text: &str| matches_wildcard(pattern.as_bytes(), text.as_bytes());
        for (pattern, text) in
            [("*", ""), ("a*c", "abbc"), ("a?c", "abc"), ("*.io/*:?*", "ghcr.io/a/b:1"), ("a*b*c", "aXbYbZc")]
        {
            assert!(is_match(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a?", "a"), ("a*c", "abd"), ("?", ""), ("*a", "ab")] {
            assert!(!is_match(pattern, text), "{pattern} {text}");
        }
    }
}
