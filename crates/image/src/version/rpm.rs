//! The order of rpm: `epoch:version-release`; `~` sorts before the end, `^` behind the end and before all else.
//!
//! A release that is left out comes before any that is given, so that the order stays one.

use std::cmp::Ordering;

use super::number;

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    number::compare(a.epoch, b.epoch).then_with(|| segments(a.version, b.version)).then_with(|| {
        match (a.release, b.release) {
            (Some(a), Some(b)) => segments(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        }
    })
}

struct Parts<'v> {
    epoch: &'v str,
    version: &'v str,
    release: Option<&'v str>,
}

impl<'v> Parts<'v> {
    fn of(text: &'v str) -> Self {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if number::is_number(epoch) => (epoch, rest),
            _ => ("", text),
        };
        let (version, release) =
            rest.split_once('-').map_or((rest, None), |(version, release)| (version, Some(release)));
        Self { epoch, version, release }
    }
}

/// What comes next, in ascending order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Next<'v> {
    Tilde,
    End,
    Caret,
    Letters(&'v str),
    Digits(&'v str),
}

/// Takes the next segment; separators count for nothing.
fn next(text: &str) -> (Next<'_>, &str) {
    let is_separator = |c: u8| !c.is_ascii_alphanumeric() && c != b'~' && c != b'^';
    let (_, text) = number::cut_bytes(text, is_separator);
    match text.as_bytes().first() {
        None => (Next::End, text),
        Some(b'~') => (Next::Tilde, text.get(1..).unwrap_or_default()),
        Some(b'^') => (Next::Caret, text.get(1..).unwrap_or_default()),
        Some(digit) if digit.is_ascii_digit() => {
            let (digits, rest) = number::digits(text);
            (Next::Digits(digits), rest)
        }
        Some(_) => {
            let (letters, rest) = number::cut_bytes(text, |c| c.is_ascii_alphabetic());
            (Next::Letters(letters), rest)
        }
    }
}

fn segments(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let ((left, a_rest), (right, b_rest)) = (next(a), next(b));
        let order = match (&left, &right) {
            (Next::End, Next::End) => return Ordering::Equal,
            (Next::Digits(left), Next::Digits(right)) => number::compare(left, right),
            _ => left.cmp(&right),
        };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (a_rest, b_rest);
    }
}
