//! Where something stands in a string or a list.

use super::sets::has;
use super::strings::within;
use super::{MeteredEntry, no};
use crate::meter::Meter;
use crate::value::{List, Outcome, Val, equal_within};

pub(super) const METERED_METHODS: &[MeteredEntry] = &[
    ("indexOf", |name, args, meter| position(name, args, false, meter)),
    ("lastIndexOf", |name, args, meter| position(name, args, true, meter)),
    ("includes", includes),
];

fn position<'a>(name: &str, args: &[Val<'a>], last: bool, meter: &mut Meter) -> Outcome<'a> {
    let (text, part, from) = match args {
        [Val::List(list), wanted] => return in_list(list, wanted, last, meter),
        [Val::Str(text), Val::Str(part)] => (text, part, None),
        [Val::Str(text), Val::Str(part), Val::Int(from)] => (text, part, Some(*from)),
        _ => return no(name, args),
    };
    let length = text.chars().count();
    let from = from.map(|from| within(from, length)).transpose()?;
    // The byte at which a character begins.
    let byte = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte);
    let found = if last {
        // The part may begin at `from` and stand behind it.
        let end = from.map_or(text.len(), |from| (byte(from) + part.len()).min(text.len()));
        let end = (0..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.get(..end).and_then(|text| text.rfind(&**part))
    } else {
        let start = from.map_or(0, byte);
        text.get(start..).and_then(|rest| rest.find(&**part)).map(|at| start + at)
    };
    let character = found.and_then(|byte| text.get(..byte)).map(|before| before.chars().count());
    Ok(Val::Int(character.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)))
}

fn in_list<'a>(list: &List<'a>, wanted: &Val<'a>, last: bool, meter: &mut Meter) -> Outcome<'a> {
    let mut found = -1;
    for (position, item) in (0i64..).zip(list.iter()) {
        meter.pay(1)?;
        if equal_within(&item, wanted, meter)? {
            found = position;
            if !last {
                break;
            }
        }
    }
    Ok(Val::Int(found))
}

/// Whether a list has a value; any other value has only itself.
fn includes<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    match args {
        [Val::List(list), wanted] => has(list, wanted, meter).map(Val::Bool),
        [target, wanted] => equal_within(target, wanted, meter).map(Val::Bool),
        _ => no(name, args),
    }
}
