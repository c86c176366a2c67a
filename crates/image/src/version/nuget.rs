//! NuGet: up to four numbers, of which missing ones are zero, and a pre-release whose case counts for nothing.

use std::cmp::Ordering;

use super::{number, semver};

pub(super) fn compare<'v>(a: &'v str, b: &'v str) -> Result<Ordering, &'v str> {
    let (a, b) = (semver::Parts::of(a)?, semver::Parts::of(b)?);
    Ok(semver::numbers(a.numbers, b.numbers).then_with(|| match (a.pre, b.pre) {
        ("", "") => Ordering::Equal,
        ("", _) => Ordering::Greater,
        (_, "") => Ordering::Less,
        (a, b) => identifiers(a, b),
    }))
}

fn identifiers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => match (number::is_number(left), number::is_number(right)) {
                (true, true) => number::compare(left, right),
                (false, false) => without_case(left).cmp(without_case(right)),
                (left, right) => right.cmp(&left),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn without_case(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}
