//! Versions of numbers alone, as CRAN and Hackage have them: `1.2-3`. More numbers are newer, even a zero.

use std::cmp::Ordering;

use super::number;

pub(super) fn compare<'v>(a: &'v str, b: &'v str) -> Result<Ordering, &'v str> {
    let separators = ['.', '-'];
    for text in [a, b] {
        if !text.split(separators).all(number::is_number) {
            return Err(text);
        }
    }
    let (mut a, mut b) = (a.split(separators), b.split(separators));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ok(Ordering::Equal),
            (Some(left), Some(right)) => number::compare(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order != Ordering::Equal {
            return Ok(order);
        }
    }
}
