//! Go modules: semantic versions, of which pseudo-versions (`v0.0.0-20210101000000-abcdef`) are pre-releases and
//! `+incompatible` is a build; and the toolchain's own `go1.21rc2`.

use std::cmp::Ordering;

use super::{number, semver};

pub(super) fn compare<'v>(a: &'v str, b: &'v str) -> Result<Ordering, &'v str> {
    let (left, right) = (Version::of(a)?, Version::of(b)?);
    Ok(semver::numbers(left.numbers, right.numbers).then_with(|| match (left.pre, right.pre) {
        ("", "") => Ordering::Equal,
        ("", _) => Ordering::Greater,
        (_, "") => Ordering::Less,
        (a, b) => toolchain(a).cmp_with(&toolchain(b), || semver::identifiers(a, b)),
    }))
}

struct Version<'v> {
    numbers: &'v str,
    pre: &'v str,
}

impl<'v> Version<'v> {
    fn of(text: &'v str) -> Result<Self, &'v str> {
        // A toolchain built with experiments or patches says so behind a space: `go1.22.1 X:boringcrypto`.
        let plain = text.split_whitespace().next().unwrap_or(text);
        let parts = semver::Parts::of(plain.strip_prefix("go").unwrap_or(plain)).map_err(|_| text)?;
        Ok(Self { numbers: parts.numbers, pre: parts.pre })
    }
}

/// `rc2` of the toolchain and `rc.2` of its advisories are the same: a word and a number.
fn toolchain(pre: &str) -> Candidate<'_> {
    let (word, rest) = number::cut(pre, |c| c.is_ascii_alphabetic());
    let digits = rest.strip_prefix('.').unwrap_or(rest);
    let is_one = matches!(word, "rc" | "beta") && number::is_number(digits);
    Candidate(is_one.then_some((word, digits)))
}

struct Candidate<'v>(Option<(&'v str, &'v str)>);

impl Candidate<'_> {
    fn cmp_with(&self, other: &Self, otherwise: impl Fn() -> Ordering) -> Ordering {
        match (self.0, other.0) {
            (Some((a, i)), Some((b, j))) => a.cmp(b).then_with(|| number::compare(i, j)),
            _ => otherwise(),
        }
    }
}
