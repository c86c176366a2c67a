//! Bitnami: semantic versions with a revision, `1.2.3-4`, which is newer than the version without.

use std::cmp::Ordering;

use super::{number, semver};

pub(super) fn compare<'v>(a: &'v str, b: &'v str) -> Result<Ordering, &'v str> {
    let (a, b) = (semver::Parts::of(a)?, semver::Parts::of(b)?);
    let ((a_revision, a_pre), (b_revision, b_pre)) = (revision(a.pre), revision(b.pre));
    Ok(semver::numbers(a.numbers, b.numbers).then_with(|| number::compare(a_revision, b_revision)).then_with(
        || match (a_pre, b_pre) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => semver::identifiers(a, b),
        },
    ))
}

/// The revision, and what is a pre-release behind it.
fn revision(pre: &str) -> (&str, &str) {
    let (digits, rest) = number::digits(pre);
    match rest.strip_prefix('-') {
        Some(rest) => (digits, rest),
        None if rest.is_empty() => (digits, ""),
        None => ("", pre),
    }
}
