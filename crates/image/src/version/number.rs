//! Numbers of any length, compared as their digits; and texts cut where digits begin and end.

use std::cmp::Ordering;

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two runs of digits by value. An empty run is zero.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (significant(a), significant(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn significant(digits: &str) -> &[u8] {
    let bytes = digits.as_bytes();
    bytes.get(bytes.iter().position(|digit| *digit != b'0').unwrap_or(bytes.len())..).unwrap_or_default()
}

pub(super) fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|byte| byte == b'0')
}

/// Cuts `text` behind its first characters that `is_in` takes.
pub(super) fn cut(text: &str, is_in: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|character| !is_in(character)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// As [`cut`], byte by byte; `is_in` must take either no or all bytes that are not ASCII.
pub(super) fn cut_bytes(text: &str, is_in: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !is_in(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Cuts `text` behind the digits that it begins with.
pub(super) fn digits(text: &str) -> (&str, &str) {
    cut_bytes(text, |byte| byte.is_ascii_digit())
}

/// Cuts `text` behind the run of digits, or of anything else, that it begins with.
pub(super) fn run(text: &str) -> (&str, &str) {
    let is_number = text.starts_with(|first: char| first.is_ascii_digit());
    cut(text, |character| character.is_ascii_digit() == is_number)
}

/// Texts as people sort them: runs of digits by value, the rest by character.
pub(super) fn natural(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() && !b.is_empty() {
        let ((left, a_rest), (right, b_rest)) = (run(a), run(b));
        let order = if is_number(left) && is_number(right) { compare(left, right) } else { left.cmp(right) };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (a_rest, b_rest);
    }
    a.len().cmp(&b.len())
}

/// Cuts off the first character where `is_in` takes it.
pub(super) fn cut_one(text: &str, is_in: impl Fn(char) -> bool) -> (&str, &str) {
    match text.chars().next() {
        Some(first) if is_in(first) => text.split_at_checked(first.len_utf8()).unwrap_or(("", text)),
        _ => ("", text),
    }
}
