//! Debian's order: `epoch:upstream-revision`, where `~` sorts before everything, even before the end.
//!
//! Debian policy, section 5.6.12.

use std::cmp::Ordering;

use super::number;

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    number::compare(a.epoch, b.epoch)
        .then_with(|| fragments(a.upstream, b.upstream))
        .then_with(|| fragments(a.revision, b.revision))
}

struct Parts<'v> {
    epoch: &'v str,
    upstream: &'v str,
    revision: &'v str,
}

impl<'v> Parts<'v> {
    fn of(text: &'v str) -> Self {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if number::is_number(epoch) => (epoch, rest),
            _ => ("", text),
        };
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        Self { epoch, upstream, revision }
    }
}

/// The weight of what is no digit: tilde, end or digit, letter, anything else.
fn weight(byte: Option<u8>) -> u16 {
    match byte {
        Some(b'~') => 0,
        None => 1,
        Some(digit) if digit.is_ascii_digit() => 1,
        Some(letter) if letter.is_ascii_alphabetic() => 2 + u16::from(letter),
        Some(other) => 256 + u16::from(other),
    }
}

/// Takes turns at what is no digit and what is.
fn fragments(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let ((left, a_rest), (right, b_rest)) =
            (number::cut_bytes(a, |c| !c.is_ascii_digit()), number::cut_bytes(b, |c| !c.is_ascii_digit()));
        let (left, right) = (left.as_bytes(), right.as_bytes());
        let longest = if left == right { 0 } else { left.len().max(right.len()) };
        for at in 0..longest {
            let order = weight(left.get(at).copied()).cmp(&weight(right.get(at).copied()));
            if order != Ordering::Equal {
                return order;
            }
        }
        let ((left, a_rest), (right, b_rest)) = (number::digits(a_rest), number::digits(b_rest));
        let order = number::compare(left, right);
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (a_rest, b_rest);
    }
    Ordering::Equal
}
