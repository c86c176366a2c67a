//! RubyGems: bounds between commas, of which `~> 1.2.3` lets the last number grow.

use super::{Bound, Sign, sign};
use crate::version::number;

pub(super) fn read(text: &str) -> Result<Vec<Vec<Bound>>, String> {
    let mut bounds = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        if let Some(version) = part.strip_prefix("~>").map(str::trim) {
            bounds.push(Bound::new(Sign::AtLeast, version));
            bounds.push(Bound::new(Sign::Less, bump(version).ok_or_else(|| part.to_owned())?));
            continue;
        }
        match sign(part) {
            (_, version) if !version.starts_with(|first: char| first.is_ascii_digit()) => return Err(part.to_owned()),
            (sign, version) => bounds.push(Bound::new(sign.unwrap_or(Sign::Equal), version)),
        }
    }
    Ok(vec![bounds])
}

/// `1.2.3` becomes `1.3.A`, which comes before every pre-release of `1.3`.
fn bump(version: &str) -> Option<String> {
    let mut numbers: Vec<&str> = version.split(['.', '-']).take_while(|part| number::is_number(part)).collect();
    if numbers.len() > 1 {
        numbers.pop();
    }
    let next = numbers.pop()?.parse::<u64>().ok()?.checked_add(1)?.to_string();
    numbers.extend([next.as_str(), "A"]);
    Some(numbers.join("."))
}
