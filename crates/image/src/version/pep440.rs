//! Python's order, PEP 440: epoch, release, pre-release, post-release, development release and local version.
//!
//! Texts of other forms, which old indices hold, come before all others, in the order of older setuptools.

mod legacy;
mod parts;

use std::cmp::Ordering;

use super::number;
use super::semver::{is_plain, numbers};
pub(super) use parts::Version;

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    if is_plain(a) && is_plain(b) {
        return numbers(a, b);
    }
    match (Version::of(a), Version::of(b)) {
        (Some(a), Some(b)) => public(&a, &b).then_with(|| locals(a.local, b.local)),
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        (None, None) => legacy::compare(a, b),
    }
}

/// The order without local versions.
pub(super) fn public(a: &Version<'_>, b: &Version<'_>) -> Ordering {
    number::compare(a.epoch, b.epoch)
        .then_with(|| numbers(a.release, b.release))
        .then_with(|| {
            let (left, right) = (phase(a), phase(b));
            left.0.cmp(&right.0).then_with(|| number::compare(left.1, right.1))
        })
        .then_with(|| missing_first(a.post, b.post))
        .then_with(|| match (a.dev, b.dev) {
            (Some(a), Some(b)) => number::compare(a, b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        })
}

/// A development release of a release without pre- or post-release comes before its pre-releases.
fn phase<'v>(version: &Version<'v>) -> (u8, &'v str) {
    match version.pre {
        Some((kind, digits)) => (kind, digits),
        None if version.post.is_none() && version.dev.is_some() => (0, ""),
        None => (u8::MAX, ""),
    }
}

fn missing_first(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => number::compare(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn locals(a: Option<&str>, b: Option<&str>) -> Ordering {
    let separators = ['.', '-', '_'];
    let (Some(a), Some(b)) = (a, b) else { return a.is_some().cmp(&b.is_some()) };
    let (mut a, mut b) = (a.split(separators), b.split(separators));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(left), Some(right)) => match (number::is_number(left), number::is_number(right)) {
                (true, true) => number::compare(left, right),
                (false, false) => without_case(left).cmp(without_case(right)),
                (left, right) => left.cmp(&right),
            },
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn without_case(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}
