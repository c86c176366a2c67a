//! Standard functions that order: by numbers or by text, never by both.

use std::cmp::Ordering;

use super::super::eval::Machine;
use super::super::value::{Error, Outcome, Text, Val};
use super::Args;

enum Rank<'a> {
    Number(f64),
    Text(Text<'a>),
}

impl Rank<'_> {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Some(one.total_cmp(other)),
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }
}

type Ranked<'a> = Vec<(Rank<'a>, Val<'a>)>;

/// The items of argument 0 with their ranks, all of one type.
fn ranked<'a>(
    machine: &mut Machine,
    args: &Args<'_, 'a>,
    at: usize,
    mut rank: impl FnMut(&mut Machine, &Val<'a>) -> Outcome<'a>,
) -> Result<Ranked<'a>, Error> {
    let mut ranked: Ranked<'a> = Vec::new();
    let mixed = |found| Error::Type {
        function: args.function,
        position: at + 1,
        expected: "numbers only or strings only",
        found,
    };
    for item in args.list(0)?.iter() {
        machine.pay(1)?;
        let rank = match rank(machine, &item)? {
            Val::Number(number) => Rank::Number(number),
            Val::Text(text) => Rank::Text(text),
            other => return Err(mixed(other.type_name())),
        };
        if ranked.first().is_some_and(|(first, _)| first.compare(&rank).is_none()) {
            return Err(mixed("both"));
        }
        ranked.push((rank, item));
    }
    machine.pay(ranked.len() as u64 * u64::from(ranked.len().checked_ilog2().unwrap_or(0)) / 4)?;
    Ok(ranked)
}

fn own<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Result<Ranked<'a>, Error> {
    ranked(machine, args, 0, |_, item| Ok(item.clone()))
}

fn by<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Result<Ranked<'a>, Error> {
    let node = args.expression(1)?;
    ranked(machine, args, 1, |machine, item| machine.lenient(node, item))
}

fn sorted(mut ranked: Ranked<'_>) -> Val<'_> {
    ranked.sort_by(|(one, _), (other, _)| one.compare(other).unwrap_or(Ordering::Equal));
    Val::list(ranked.into_iter().map(|(_, item)| item).collect())
}

/// The first of those that stand furthest in `direction`; null where there is none.
fn furthest<'a>(ranked: Ranked<'a>, direction: Ordering) -> Val<'a> {
    let further = |best: (Rank<'a>, Val<'a>), next: (Rank<'a>, Val<'a>)| {
        if next.0.compare(&best.0) == Some(direction) { next } else { best }
    };
    ranked.into_iter().reduce(further).map_or(Val::Null, |(_, item)| item)
}

pub(super) fn sort<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    own(machine, args).map(sorted)
}

pub(super) fn sort_by<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    by(machine, args).map(sorted)
}

pub(super) fn max<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    own(machine, args).map(|ranked| furthest(ranked, Ordering::Greater))
}

pub(super) fn max_by<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    by(machine, args).map(|ranked| furthest(ranked, Ordering::Greater))
}

pub(super) fn min<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    own(machine, args).map(|ranked| furthest(ranked, Ordering::Less))
}

pub(super) fn min_by<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    by(machine, args).map(|ranked| furthest(ranked, Ordering::Less))
}
