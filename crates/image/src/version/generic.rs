//! Versions of no known order: numbers and words as they come, where a number is newer than the end, the end newer than
//! a word that names a pre-release, and any other word newer than the end.

use std::cmp::Ordering;

use super::number;

#[derive(PartialEq, Eq)]
enum Token<'v> {
    Number(&'v str),
    Word(&'v str),
    End,
}

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let plain = |text| str::strip_prefix(text, ['v', 'V']).unwrap_or(text);
    let (mut a, mut b) = (plain(a), plain(b));
    loop {
        let order = match (take(&mut a), take(&mut b)) {
            (Token::End, Token::End) => return Ordering::Equal,
            (Token::Number(left), Token::Number(right)) => number::compare(left, right),
            (left, right) => rank(&left).cmp(&rank(&right)).then_with(|| match (left, right) {
                (Token::Word(left), Token::Word(right)) => {
                    let lower = |text: &str| text.to_lowercase();
                    lower(left).cmp(&lower(right))
                }
                _ => Ordering::Equal,
            }),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn take<'v>(text: &mut &'v str) -> Token<'v> {
    let from = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_number = from.starts_with(|c: char| c.is_ascii_digit());
    let (token, rest) = number::cut(from, |c| c.is_alphanumeric() && c.is_ascii_digit() == is_number);
    *text = rest;
    match token {
        "" => Token::End,
        digits if is_number => Token::Number(digits),
        word => Token::Word(word),
    }
}

fn rank(token: &Token<'_>) -> u8 {
    match token {
        Token::Number(_) => 7,
        Token::End => 5,
        Token::Word(word) => match word.to_ascii_lowercase().as_str() {
            "dev" | "snapshot" | "nightly" => 0,
            "a" | "alpha" => 1,
            "b" | "beta" => 2,
            "m" | "milestone" | "pre" | "preview" => 3,
            "rc" | "cr" | "c" => 4,
            _ => 6,
        },
    }
}
