//! Semantic versions: numbers, a pre-release behind `-`, a build behind `+`.
//!
//! Registries hold versions of more or fewer than three numbers and with a `v`; a missing number is zero. In pub's
//! order alone the build decides too.

use std::cmp::Ordering;

use super::number;

pub(super) struct Parts<'v> {
    pub(super) numbers: &'v str,
    pub(super) pre: &'v str,
    build: &'v str,
}

impl<'v> Parts<'v> {
    pub(super) fn of(text: &'v str) -> Result<Self, &'v str> {
        let plain = text.strip_prefix('=').unwrap_or(text).trim_start();
        let plain = plain.strip_prefix(['v', 'V']).unwrap_or(plain);
        let (plain, build) = plain.split_once('+').unwrap_or((plain, ""));
        let (numbers, rest) = number::cut_bytes(plain, |c| c.is_ascii_digit() || c == b'.');
        if !numbers.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(text);
        }
        // `1.2.3rc1` is met in the wild and means a pre-release.
        Ok(Self { numbers, pre: rest.strip_prefix('-').unwrap_or(rest), build })
    }
}

pub(super) fn compare<'v>(a: &'v str, b: &'v str) -> Result<Ordering, &'v str> {
    let (a, b) = (Parts::of(a)?, Parts::of(b)?);
    Ok(precedence(&a, &b))
}

pub(super) fn compare_with_build<'v>(a: &'v str, b: &'v str) -> Result<Ordering, &'v str> {
    let (a, b) = (Parts::of(a)?, Parts::of(b)?);
    Ok(precedence(&a, &b).then_with(|| identifiers(a.build, b.build)))
}

pub(super) fn precedence(a: &Parts<'_>, b: &Parts<'_>) -> Ordering {
    numbers(a.numbers, b.numbers).then_with(|| match (a.pre, b.pre) {
        ("", "") => Ordering::Equal,
        ("", _) => Ordering::Greater,
        (_, "") => Ordering::Less,
        (a, b) => identifiers(a, b),
    })
}

/// Numbers between dots; a missing one is zero.
pub(super) fn numbers(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let ((left, a_rest), (right, b_rest)) = (number::digits(a), number::digits(b));
        let order = number::compare(left, right);
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (a_rest.get(1..).unwrap_or_default(), b_rest.get(1..).unwrap_or_default());
    }
    Ordering::Equal
}

/// True for digits and dots alone, of which many orders can make short work.
pub(super) fn is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && !text.ends_with('.')
        && !text.contains("..")
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Identifiers between dots: numbers by value and before words, words by character, fewer before more.
pub(super) fn identifiers(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.len().cmp(&b.len());
    }
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => identifier(left, right),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn identifier(a: &str, b: &str) -> Ordering {
    match (number::is_number(a), number::is_number(b)) {
        (true, true) => number::compare(a, b),
        (false, false) => a.cmp(b),
        (a_is_number, b_is_number) => b_is_number.cmp(&a_is_number),
    }
}
