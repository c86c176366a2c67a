//! Composer, which orders as PHP's `version_compare` does: parts of digits or of words, where `dev`, `alpha`, `beta`
//! and `RC` come before the end, `pl` behind it, and other words before all.
//!
//! A `#` stands for any number and for the end alike; versions that hold one are the only ones outside a total order.

use std::cmp::Ordering;

use super::number;

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let plain = |text| str::strip_prefix(text, ['v', 'V']).unwrap_or(text);
    let (mut a, mut b) = (plain(a), plain(b));
    loop {
        let (left, right) = (part(&mut a), part(&mut b));
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let order = match (left, right) {
            (Some(left), Some(right)) if number::is_number(left) && number::is_number(right) => {
                number::compare(left, right)
            }
            (Some(left), None) if number::is_number(left) => Ordering::Greater,
            (None, Some(right)) if number::is_number(right) => Ordering::Less,
            (left, right) => rank(left).cmp(&rank(right)),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Takes the next part; `-`, `_`, `+` and `.` separate, and so does a change between digits and others.
fn part<'v>(text: &mut &'v str) -> Option<&'v str> {
    let is_separator = |c: char| matches!(c, '-' | '_' | '+' | '.');
    let from = text.trim_start_matches(is_separator);
    let is_number = from.starts_with(|c: char| c.is_ascii_digit());
    let (part, rest) = number::cut(from, |c| !is_separator(c) && c.is_ascii_digit() == is_number);
    *text = rest;
    (!part.is_empty()).then_some(part)
}

/// Words, in ascending order; numbers and the end are of one rank among them.
fn rank(part: Option<&str>) -> u8 {
    const NUMBER: u8 = 5;
    let Some(part) = part else { return NUMBER };
    if number::is_number(part) {
        return NUMBER;
    }
    // A form is met by what begins with it: `patch` is a `p`, `alphabet` an `alpha`. Case counts, but for `RC`.
    [
        ("dev", 1),
        ("alpha", 2),
        ("a", 2),
        ("beta", 3),
        ("b", 3),
        ("RC", 4),
        ("rc", 4),
        ("#", NUMBER),
        ("pl", 6),
        ("p", 6),
    ]
    .iter()
    .find_map(|(word, rank)| part.starts_with(word).then_some(*rank))
    .unwrap_or(0)
}
