//! The order that setuptools gave to any text before PEP 440.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::number;

const FINAL: &str = "*final";

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (key(a), key(b));
    let (mut a, mut b) = (a.iter(), b.iter());
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(left), Some(right)) if number::is_number(left) && number::is_number(right) => {
                number::compare(left, right)
            }
            (left, right) => left.cmp(&right),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Numbers and words; words begin with `*` and so come before numbers. Zeros that end a series of numbers are left out.
fn key(text: &str) -> Vec<Cow<'static, str>> {
    let mut parts: Vec<Cow<'static, str>> = Vec::new();
    let text = text.to_lowercase();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (part, behind) = part(rest);
        rest = behind;
        if part != "." {
            add(&mut parts, part);
        }
    }
    add_word(&mut parts, FINAL.into());
    parts
}

fn part(text: &str) -> (&str, &str) {
    let kind = |c: char| match c {
        '0'..='9' => 1,
        'a'..='z' => 2,
        '.' => 3,
        '-' => 4,
        _ => 0,
    };
    let first = text.chars().next().map_or(0, kind);
    if first > 2 { number::cut_one(text, |_| true) } else { number::cut(text, |c| kind(c) == first) }
}

fn add(parts: &mut Vec<Cow<'static, str>>, part: &str) {
    match part {
        "-" => add_word(parts, "*final-".into()),
        "pre" | "preview" | "rc" => add_word(parts, "*c".into()),
        "dev" => add_word(parts, "*@".into()),
        digits if number::is_number(digits) => parts.push(digits.to_owned().into()),
        word => add_word(parts, format!("*{word}").into()),
    }
}

fn add_word(parts: &mut Vec<Cow<'static, str>>, word: Cow<'static, str>) {
    let drop = |parts: &mut Vec<Cow<'static, str>>, is_dropped: fn(&str) -> bool| {
        while parts.last().is_some_and(|last| is_dropped(last)) {
            parts.pop();
        }
    };
    if word.as_ref() < FINAL {
        drop(parts, |last| last == "*final-");
    }
    drop(parts, |last| number::is_number(last) && number::is_zero(last));
    parts.push(word);
}
