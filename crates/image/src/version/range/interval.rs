//! Maven and NuGet: intervals such as `[1,2)` and `(,1]`, several of them between commas.
//!
//! A bare version is a minimum in NuGet. In Maven it is a mere preference, which bounds nothing, and is refused.

use super::{Bound, Sign};
use crate::version::Scheme;

pub(super) fn read(scheme: Scheme, text: &str) -> Result<Vec<Vec<Bound>>, String> {
    if scheme == Scheme::NuGet && text.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(vec![vec![Bound::new(Sign::AtLeast, text)]]);
    }
    let mut alternatives = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find([')', ']']).ok_or_else(|| rest.to_owned())?;
        let (interval, behind) = rest.split_at_checked(end + 1).ok_or_else(|| rest.to_owned())?;
        alternatives.push(bounds(interval).ok_or_else(|| interval.to_owned())?);
        rest = behind.trim_start().trim_start_matches(',').trim_start();
    }
    if alternatives.is_empty() { Err(text.to_owned()) } else { Ok(alternatives) }
}

fn bounds(interval: &str) -> Option<Vec<Bound>> {
    let low = if interval.starts_with('[') { Sign::AtLeast } else { Sign::Greater };
    let high = if interval.ends_with(']') { Sign::AtMost } else { Sign::Less };
    let inside = interval.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    let Some((from, to)) = inside.split_once(',') else {
        // A single version stands between square brackets.
        let is_one = low == Sign::AtLeast && high == Sign::AtMost && !inside.trim().is_empty();
        return is_one.then(|| vec![Bound::new(Sign::Equal, inside.trim())]);
    };
    let bound = |sign, version: &str| (!version.trim().is_empty()).then(|| Bound::new(sign, version.trim()));
    Some(bound(low, from).into_iter().chain(bound(high, to)).collect())
}
