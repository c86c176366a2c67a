//! RubyGems: segments of digits or letters, where letters make a pre-release; zeros at the end of the numbers, and at
//! the end of the whole, count for nothing.

use std::cmp::Ordering;

use super::number;

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Segments::of(a), Segments::of(b));
    loop {
        // A missing segment is a zero.
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => segment(left.unwrap_or("0"), right.unwrap_or("0")),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn segment(a: &str, b: &str) -> Ordering {
    match (number::is_number(a), number::is_number(b)) {
        (true, true) => number::compare(a, b),
        (false, false) => a.cmp(b),
        (a_is_number, b_is_number) => a_is_number.cmp(&b_is_number),
    }
}

struct Segments<'v> {
    rest: &'v str,
    /// Zeros that are owed before `ahead`, as they proved not to stand at an end.
    zeros: usize,
    ahead: Option<&'v str>,
    is_in_numbers: bool,
}

impl<'v> Segments<'v> {
    fn of(rest: &'v str) -> Self {
        Self { rest, zeros: 0, ahead: None, is_in_numbers: true }
    }

    /// A hyphen reads as `.pre.`.
    fn raw(&mut self) -> Option<&'v str> {
        let from = self.rest.find(|c: char| c.is_ascii_alphanumeric() || c == '-')?;
        let text = self.rest.get(from..)?;
        if let Some(rest) = text.strip_prefix('-') {
            self.rest = rest;
            return Some("pre");
        }
        let is_number = text.starts_with(|c: char| c.is_ascii_digit());
        let (segment, rest) = number::cut(text, |c| c.is_ascii_alphanumeric() && c.is_ascii_digit() == is_number);
        self.rest = rest;
        Some(segment)
    }
}

impl<'v> Iterator for Segments<'v> {
    type Item = &'v str;

    fn next(&mut self) -> Option<&'v str> {
        if self.ahead.is_none() {
            let mut zeros = 0;
            loop {
                let segment = self.raw()?;
                if number::is_number(segment) {
                    if number::is_zero(segment) {
                        zeros += 1;
                        continue;
                    }
                } else if std::mem::replace(&mut self.is_in_numbers, false) {
                    zeros = 0;
                }
                self.ahead = Some(segment);
                self.zeros = zeros;
                break;
            }
        }
        if self.zeros > 0 {
            self.zeros -= 1;
            return Some("0");
        }
        self.ahead.take()
    }
}
