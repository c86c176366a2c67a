//! Composer: `|` and `||` between alternatives, carets, tildes, stars and hyphens. Versions are compared with four
//! numbers, and bounds that are made end in `-dev`, before every pre-release.

use super::{Bound, Sign, conjunction, sign};
use crate::version::number;

pub(super) fn read(text: &str) -> Result<Vec<Vec<Bound>>, String> {
    text.split('|').filter(|part| !part.is_empty()).map(|alternative| bounds(alternative.trim())).collect()
}

fn bounds(text: &str) -> Result<Vec<Bound>, String> {
    if let Some((low, high)) = text.split_once(" - ") {
        let high_numbers = numbers(high);
        let upper = if high_numbers.len() < 3 && number_only(high) {
            Bound::new(
                Sign::Less,
                behind(&high_numbers, high_numbers.len().saturating_sub(1)).ok_or_else(|| text.to_owned())?,
            )
        } else {
            Bound::new(Sign::AtMost, padded(high))
        };
        return Ok(vec![Bound::new(Sign::AtLeast, padded(low)), upper]);
    }
    let mut all = Vec::new();
    for part in conjunction(text) {
        all.extend(bound(&part).ok_or(part)?);
    }
    Ok(all)
}

fn bound(text: &str) -> Option<Vec<Bound>> {
    // A stability behind an `@` bounds nothing.
    let text = text.split('@').next()?;
    if let Some(version) = text.strip_prefix('^') {
        let numbers = numbers(version);
        let last = numbers.len().checked_sub(1)?;
        let at = numbers.iter().position(|number| *number > 0).unwrap_or(last);
        return Some(between(version, behind(&numbers, at)?));
    }
    if let Some(version) = text.strip_prefix('~') {
        let numbers = numbers(version);
        let at = numbers.len().checked_sub(1)?.saturating_sub(1);
        return Some(between(version, behind(&numbers, at)?));
    }
    let (sign, version) = sign(text);
    if let Some(start) = version.strip_suffix(['*', 'x']) {
        let start = start.trim_end_matches(['.', '*', 'x']);
        let numbers = numbers(start);
        return match numbers.len() {
            0 => Some(Vec::new()),
            known => Some(between(start, behind(&numbers, known - 1)?)),
        };
    }
    match (sign, version) {
        (_, "") => None,
        (Some(Sign::Less), version) if number_only(version) => {
            Some(vec![Bound::new(Sign::Less, padded(version) + "-dev")])
        }
        (Some(Sign::AtLeast), version) if number_only(version) => {
            Some(vec![Bound::new(Sign::AtLeast, padded(version) + "-dev")])
        }
        (sign, version) => Some(vec![Bound::new(sign.unwrap_or(Sign::Equal), padded(version))]),
    }
}

fn between(low: &str, upper: String) -> Vec<Bound> {
    let low = if number_only(low) { padded(low) + "-dev" } else { padded(low) };
    vec![Bound::new(Sign::AtLeast, low), Bound::new(Sign::Less, upper)]
}

fn number_only(version: &str) -> bool {
    version.trim().trim_start_matches(['v', 'V']).split('.').all(number::is_number)
}

fn numbers(version: &str) -> Vec<u64> {
    let (numbers, _) = number::cut(version.trim().trim_start_matches(['v', 'V']), |c| c.is_ascii_digit() || c == '.');
    numbers.split('.').map_while(|part| part.parse().ok()).collect()
}

/// The first version behind all that have these numbers up to `at`.
fn behind(numbers: &[u64], at: usize) -> Option<String> {
    let kept = numbers.get(..at)?.iter().map(|number| format!("{number}."));
    let next = numbers.get(at)?.checked_add(1)?;
    Some(padded(&format!("{}{next}", kept.collect::<String>())) + "-dev")
}

/// A version with four numbers; a branch stays what it is.
pub(super) fn padded(version: &str) -> String {
    let plain = version.trim().trim_start_matches(['v', 'V']);
    let (numbers, rest) = number::cut(plain, |c| c.is_ascii_digit() || c == '.');
    let numbers = numbers.trim_end_matches('.');
    if numbers.is_empty() {
        return plain.to_owned();
    }
    let missing = 4_usize.saturating_sub(numbers.split('.').count());
    format!("{numbers}{}{rest}", ".0".repeat(missing))
}
