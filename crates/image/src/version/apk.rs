//! Alpine's order: numbers, a letter, suffixes such as `_rc1`, a commit (which orders nothing) and `-r` with a build.
//!
//! Of versions that are not of this form, what cannot be read decides last, and puts them before those that are.

use std::cmp::Ordering;

use super::number;

/// Suffixes in ascending order; the empty one is a version without.
const SUFFIXES: [&str; 10] = ["alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"];
const NO_SUFFIX: (usize, &str) = (4, "");

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (Numbers::of(a), Numbers::of(b));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => break,
            (Some((true, a)), Some((true, b))) => number::compare(a, b),
            (Some((_, a)), Some((_, b))) if a.starts_with('0') || b.starts_with('0') => a.cmp(b),
            (Some((_, a)), Some((_, b))) => number::compare(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    let (a_letter, mut a) = number::cut_one(left.rest, |c| c.is_ascii_lowercase());
    let (b_letter, mut b) = number::cut_one(right.rest, |c| c.is_ascii_lowercase());
    if a_letter != b_letter {
        return a_letter.cmp(b_letter);
    }
    loop {
        let (left, right) = (suffix(a), suffix(b));
        if left.is_none() && right.is_none() {
            break;
        }
        let ((a_suffix, a_rest), (b_suffix, b_rest)) =
            (left.unwrap_or((NO_SUFFIX, a)), right.unwrap_or((NO_SUFFIX, b)));
        let order = a_suffix.0.cmp(&b_suffix.0).then_with(|| number::compare(a_suffix.1, b_suffix.1));
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (a_rest, b_rest);
    }
    let (a, b) = (Tail::of(a), Tail::of(b));
    number::compare(a.build, b.build)
        .then_with(|| a.rank.cmp(&b.rank))
        .then_with(|| number::natural(a.unread, b.unread))
}

/// The numbers that a version begins with, the first one marked. Behind the first, a leading zero makes a fraction.
struct Numbers<'v> {
    is_first: bool,
    rest: &'v str,
}

impl<'v> Numbers<'v> {
    fn of(rest: &'v str) -> Self {
        Self { is_first: true, rest }
    }

    fn next(&mut self) -> Option<(bool, &'v str)> {
        let text = if self.is_first { self.rest } else { self.rest.strip_prefix('.')? };
        let (digits, rest) = number::digits(text);
        if digits.is_empty() {
            return None;
        }
        self.rest = rest;
        Some((std::mem::replace(&mut self.is_first, false), digits))
    }
}

/// A suffix's weight and number, and what follows.
fn suffix(text: &str) -> Option<((usize, &str), &str)> {
    let (name, rest) = number::cut(text.strip_prefix('_')?, |c| c.is_ascii_lowercase());
    let weight = SUFFIXES.iter().position(|known| *known == name && !name.is_empty())?;
    let (digits, rest) = number::digits(rest);
    Some(((weight, digits), rest))
}

struct Tail<'v> {
    build: &'v str,
    /// 0: not of the form, 1: something behind the build, 2: all is read.
    rank: u8,
    unread: &'v str,
}

impl<'v> Tail<'v> {
    fn of(text: &'v str) -> Self {
        let text = match text.strip_prefix('~') {
            Some(commit) => number::cut(commit, |c| matches!(c, '0'..='9' | 'a'..='f')).1,
            None => text,
        };
        match text.strip_prefix("-r").map(number::digits) {
            Some((build, "")) => Self { build, rank: 2, unread: "" },
            Some((build, _)) => Self { build, rank: 1, unread: "" },
            None if text.is_empty() => Self { build: "", rank: 2, unread: "" },
            None => Self { build: "", rank: 0, unread: text },
        }
    }
}
