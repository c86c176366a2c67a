//! Maven: numbers and qualifiers in lists, where a hyphen, and a change between digits and letters, opens a list in the
//! list, always as its last item. So a version is kept as a chain of lists. A word behind a dot stays in its list.
//!
//! Where one does, Maven itself has cycles: `2.0.rc` before `2.0` before `2.0-1` before `2.0.rc`. They are kept, since
//! ranges of advisories were written against them.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{number, semver};

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    if semver::is_plain(a) && semver::is_plain(b) {
        return semver::numbers(a, b);
    }
    chains(&chain(&a.to_lowercase()), &chain(&b.to_lowercase()))
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item<'v> {
    Number(&'v str),
    Word(Cow<'v, str>),
}

impl Item<'_> {
    /// True where the item may be left out: zero, and what names a release.
    fn is_null(&self) -> bool {
        match self {
            Self::Number(digits) => number::is_zero(digits),
            Self::Word(word) => word.is_empty(),
        }
    }
}

fn item<'v>(text: &'v str, is_before_digit: bool) -> Item<'v> {
    if number::is_number(text) {
        return Item::Number(text);
    }
    Item::Word(Cow::Borrowed(match text {
        "a" if is_before_digit => "alpha",
        "b" if is_before_digit => "beta",
        "m" if is_before_digit => "milestone",
        "cr" => "rc",
        "ga" | "final" | "release" => "",
        other => other,
    }))
}

/// The lists of a version, each inside the one before it.
fn chain(text: &str) -> Vec<Vec<Item<'_>>> {
    let mut lists = vec![Vec::new()];
    let mut rest = text;
    loop {
        let (token, behind) = match rest.chars().next() {
            None | Some('.' | '-') => ("", rest),
            Some(digit) if digit.is_ascii_digit() => number::digits(rest),
            Some(_) => number::cut(rest, |c| !c.is_ascii_digit() && c != '.' && c != '-'),
        };
        let separator = behind.chars().next();
        let is_before_digit = separator.is_some_and(|next| next.is_ascii_digit());
        let found = if token.is_empty() { Item::Number("0") } else { item(token, is_before_digit) };
        if (separator.is_some() || !token.is_empty())
            && let Some(list) = lists.last_mut()
        {
            list.push(found);
        }
        match separator {
            None => break,
            Some('.') => rest = behind.get(1..).unwrap_or_default(),
            Some('-') => {
                rest = behind.get(1..).unwrap_or_default();
                lists.push(Vec::new());
            }
            Some(_) => {
                rest = behind;
                lists.push(Vec::new());
            }
        }
    }
    normalise(lists)
}

/// Leaves out the null items at each list's end, and lists that are then empty.
fn normalise(mut lists: Vec<Vec<Item<'_>>>) -> Vec<Vec<Item<'_>>> {
    for list in &mut lists {
        while list.last().is_some_and(Item::is_null) {
            list.pop();
        }
    }
    let mut is_first = true;
    lists.retain(|list| std::mem::replace(&mut is_first, false) || !list.is_empty());
    lists
}

/// What stands at one place of a list.
enum Slot<'s, 'v> {
    Item(&'s Item<'v>),
    List,
    Nothing,
}

fn slot<'s, 'v>(lists: &'s [Vec<Item<'v>>], at: usize) -> Slot<'s, 'v> {
    let Some((list, inner)) = lists.split_first() else { return Slot::Nothing };
    match list.get(at) {
        Some(item) => Slot::Item(item),
        None if at == list.len() && !inner.is_empty() => Slot::List,
        None => Slot::Nothing,
    }
}

fn chains(mut a: &[Vec<Item<'_>>], mut b: &[Vec<Item<'_>>]) -> Ordering {
    let mut at = 0;
    loop {
        let order = match (slot(a, at), slot(b, at)) {
            (Slot::Nothing, Slot::Nothing) => return Ordering::Equal,
            (Slot::List, Slot::List) => {
                (a, b) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
                at = 0;
                continue;
            }
            (Slot::Item(left), Slot::Item(right)) => items(left, right),
            (Slot::Item(left), Slot::Nothing) => against_nothing(left),
            (Slot::Nothing, Slot::Item(right)) => against_nothing(right).reverse(),
            // A list is newer than a word and older than a number.
            (Slot::List, Slot::Item(Item::Number(_))) => Ordering::Less,
            (Slot::List, Slot::Item(Item::Word(_))) => Ordering::Greater,
            (Slot::Item(Item::Number(_)), Slot::List) => Ordering::Greater,
            (Slot::Item(Item::Word(_)), Slot::List) => Ordering::Less,
            (Slot::List, Slot::Nothing) => return list_against_nothing(a.get(1..).unwrap_or_default()),
            (Slot::Nothing, Slot::List) => return list_against_nothing(b.get(1..).unwrap_or_default()).reverse(),
        };
        if order != Ordering::Equal {
            return order;
        }
        at += 1;
    }
}

fn list_against_nothing(lists: &[Vec<Item<'_>>]) -> Ordering {
    lists.iter().flatten().map(against_nothing).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

fn against_nothing(item: &Item<'_>) -> Ordering {
    match item {
        Item::Number(digits) => number::compare(digits, ""),
        Item::Word(word) => rank(word).cmp(&rank("")),
    }
}

fn items(a: &Item<'_>, b: &Item<'_>) -> Ordering {
    match (a, b) {
        (Item::Number(a), Item::Number(b)) => number::compare(a, b),
        (Item::Word(a), Item::Word(b)) => {
            rank(a).cmp(&rank(b)).then_with(|| if rank(a) == UNKNOWN { a.cmp(b) } else { Ordering::Equal })
        }
        (Item::Number(_), Item::Word(_)) => Ordering::Greater,
        (Item::Word(_), Item::Number(_)) => Ordering::Less,
    }
}

const UNKNOWN: usize = 7;

/// Qualifiers in ascending order, words of no meaning behind them.
fn rank(word: &str) -> usize {
    ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]
        .iter()
        .position(|known| *known == word)
        .unwrap_or(UNKNOWN)
}
