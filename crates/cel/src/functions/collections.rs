//! Sizes and the list library.

use std::cmp::Ordering;

use super::{Entry, MeteredEntry, invalid, no};
use crate::meter::Meter;
use crate::value::{Error, List, Outcome, Val, compare, compare_within, equal_within, overload};

pub(super) const GLOBALS: &[Entry] = &[("size", size)];

pub(super) const METERED_GLOBALS: &[MeteredEntry] = &[("lists.range", range)];

pub(super) const METHODS: &[Entry] = &[
    ("size", size),
    ("slice", slice),
    ("sum", sum),
    ("first", |name, args| end(name, args, false)),
    ("last", |name, args| end(name, args, true)),
];

pub(super) const METERED_METHODS: &[MeteredEntry] = &[
    ("flatten", flatten),
    ("sort", sort),
    ("distinct", distinct),
    ("isSorted", is_sorted),
    ("min", |name, args, meter| extreme(name, args, Ordering::Less, meter)),
    ("max", |name, args, meter| extreme(name, args, Ordering::Greater, meter)),
];

fn size<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let size = match args {
        [Val::Str(text)] => text.chars().count(),
        [Val::Bytes(bytes)] => bytes.len(),
        [Val::List(list)] => list.len(),
        [Val::Map(map)] => map.len(),
        _ => return no(name, args),
    };
    Ok(Val::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

/// The longest list that `lists.range` makes.
const LONGEST: i64 = 1_000_000;

fn range<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    match args {
        [Val::Int(count)] if *count <= LONGEST => {
            let length = usize::try_from(*count).unwrap_or(0);
            meter.pay(length as u64)?;
            meter.elements(length)?;
            Ok(Val::list((0..*count).map(Val::Int).collect()))
        }
        [Val::Int(_)] => invalid(format!("a range of more than {LONGEST} elements")),
        _ => no(name, args),
    }
}

fn slice<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::List(list), Val::Int(from), Val::Int(to)] = args else { return no(name, args) };
    let bounds = usize::try_from(*from).ok().zip(usize::try_from(*to).ok());
    match bounds.filter(|(from, to)| from <= to && *to <= list.len()) {
        Some((from, to)) => Ok(Val::list(list.iter().skip(from).take(to - from).collect())),
        None => invalid(format!("slice {from}..{to} of a list of {}", list.len())),
    }
}

fn flatten<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (list, depth) = match args {
        [Val::List(list)] => (list, 1),
        [Val::List(list), Val::Int(depth)] if *depth >= 0 => (list, *depth),
        _ => return no(name, args),
    };
    let mut flat = Vec::new();
    pour(list, depth, &mut flat, meter)?;
    Ok(Val::list(flat))
}

fn pour<'a>(list: &List<'a>, depth: i64, flat: &mut Vec<Val<'a>>, meter: &mut Meter) -> Result<(), Error> {
    for item in list.iter() {
        meter.pay(1)?;
        match item {
            Val::List(inner) if depth > 0 => pour(&inner, depth - 1, flat, meter)?,
            item => {
                meter.make(size_of::<Val<'_>>())?;
                flat.push(item);
            }
        }
    }
    Ok(())
}

type Pair<'a> = (Val<'a>, Val<'a>);

/// Puts values in the order of their keys; those of equal keys stay in the order that they have.
///
/// A merge sort of our own: keys need not have a total order (NaN, integers beside doubles), which the sort of the
/// standard library answers with a panic, and a comparison may exceed the limit.
pub(crate) fn sorted<'a>(name: &str, pairs: Vec<Pair<'a>>, meter: &mut Meter) -> Result<Vec<Val<'a>>, Error> {
    if let [(key, _)] = pairs.as_slice() {
        compare(name, key, key)?;
    }
    let mut runs: Vec<Vec<Pair<'a>>> = Vec::new();
    for pair in pairs {
        let last = runs.last_mut().and_then(|run| run.last().map(|(key, _)| is_before(name, &pair.0, key, meter)));
        match (last.transpose()?, runs.last_mut()) {
            (Some(false), Some(run)) => run.push(pair),
            _ => runs.push(vec![pair]),
        }
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(left) = rest.next() {
            merged.push(match rest.next() {
                Some(right) => merge(name, left, right, meter)?,
                None => left,
            });
        }
        runs = merged;
    }
    Ok(runs.into_iter().flatten().map(|(_, value)| value).collect())
}

fn is_before(name: &str, a: &Val<'_>, b: &Val<'_>, meter: &mut Meter) -> Result<bool, Error> {
    meter.pay(1)?;
    Ok(compare_within(name, a, b, meter)? == Some(Ordering::Less))
}

fn merge<'a>(name: &str, left: Vec<Pair<'a>>, right: Vec<Pair<'a>>, meter: &mut Meter) -> Result<Vec<Pair<'a>>, Error> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let mut left = left.into_iter().peekable();
    for pair in right {
        while let Some((key, _)) = left.peek() {
            if is_before(name, &pair.0, key, meter)? {
                break;
            }
            merged.extend(left.next());
        }
        merged.push(pair);
    }
    merged.extend(left);
    Ok(merged)
}

fn sort<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    match args {
        [Val::List(list)] => {
            meter.elements(list.len().saturating_mul(2))?;
            sorted(name, list.iter().map(|item| (item.clone(), item)).collect(), meter).map(Val::list)
        }
        _ => no(name, args),
    }
}

fn distinct<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::List(list)] = args else { return no(name, args) };
    let mut seen: Vec<Val<'a>> = Vec::new();
    for item in list.iter() {
        let mut is_new = true;
        for other in &seen {
            meter.pay(1)?;
            is_new = !equal_within(other, &item, meter)?;
            if !is_new {
                break;
            }
        }
        if is_new {
            seen.push(item);
        }
    }
    Ok(Val::list(seen))
}

fn is_sorted<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let [Val::List(list)] = args else { return no(name, args) };
    let items = list.to_vec();
    let mut ordered = true;
    for pair in items.windows(2) {
        if let [a, b] = pair {
            meter.pay(1)?;
            ordered &= compare_within(name, a, b, meter)? != Some(Ordering::Greater);
        }
    }
    Ok(Val::Bool(ordered))
}

fn sum<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::List(list)] = args else { return no(name, args) };
    let mut total: Option<Val<'a>> = None;
    for item in list.iter() {
        total = Some(match (total, item) {
            (None, item @ (Val::Int(_) | Val::UInt(_) | Val::Double(_) | Val::Duration(_))) => item,
            (Some(Val::Int(a)), Val::Int(b)) => Val::Int(a.checked_add(b).ok_or(Error::Overflow)?),
            (Some(Val::UInt(a)), Val::UInt(b)) => Val::UInt(a.checked_add(b).ok_or(Error::Overflow)?),
            (Some(Val::Double(a)), Val::Double(b)) => Val::Double(a + b),
            (Some(Val::Duration(a)), Val::Duration(b)) => crate::time::duration(a.checked_add(b))?,
            (_, item) => return Err(overload(name, &[item])),
        });
    }
    Ok(total.unwrap_or(Val::Int(0)))
}

fn extreme<'a>(name: &str, args: &[Val<'a>], wanted: Ordering, meter: &mut Meter) -> Outcome<'a> {
    let [Val::List(list)] = args else { return no(name, args) };
    let mut best: Option<Val<'a>> = None;
    for item in list.iter() {
        let better = match &best {
            None => true,
            Some(best) => {
                meter.pay(1)?;
                compare_within(name, &item, best, meter)? == Some(wanted)
            }
        };
        if better {
            best = Some(item);
        }
    }
    best.ok_or_else(|| Error::Invalid(format!("`{name}` of an empty list")))
}

fn end<'a>(name: &str, args: &[Val<'a>], last: bool) -> Outcome<'a> {
    let [Val::List(list)] = args else { return no(name, args) };
    let position = if last { list.len().checked_sub(1) } else { Some(0) };
    Ok(Val::Optional(position.and_then(|position| list.get(position)).map(std::sync::Arc::new)))
}
