//! Calendar fields of timestamps, and units of durations.

use super::{Entry, no};
use crate::time::Moment;
use crate::value::{Outcome, Val};

pub(super) const METHODS: &[Entry] = &[
    ("getFullYear", |name, args| field(name, args, |moment| moment.year)),
    ("getMonth", |name, args| field(name, args, |moment| moment.month - 1)),
    ("getDate", |name, args| field(name, args, |moment| moment.day)),
    ("getDayOfMonth", |name, args| field(name, args, |moment| moment.day - 1)),
    ("getDayOfWeek", |name, args| field(name, args, |moment| moment.day_of_week)),
    ("getDayOfYear", |name, args| field(name, args, |moment| moment.day_of_year)),
    ("getHours", |name, args| unit(name, args, 3_600_000_000_000, |moment| moment.hour)),
    ("getMinutes", |name, args| unit(name, args, 60_000_000_000, |moment| moment.minute)),
    ("getSeconds", |name, args| unit(name, args, 1_000_000_000, |moment| moment.second)),
    ("getMilliseconds", milliseconds),
];

fn field<'a>(name: &str, args: &[Val<'a>], get: fn(Moment) -> i64) -> Outcome<'a> {
    match args {
        [Val::Timestamp(nanos)] => Ok(Val::Int(get(Moment::utc(*nanos)))),
        [Val::Timestamp(nanos), Val::Str(zone)] => Moment::within(*nanos, zone).map(|moment| Val::Int(get(moment))),
        _ => no(name, args),
    }
}

/// Of a duration the whole number of units, of a timestamp the field of its clock.
fn unit<'a>(name: &str, args: &[Val<'a>], nanos_of_unit: i128, get: fn(Moment) -> i64) -> Outcome<'a> {
    match args {
        [Val::Duration(nanos)] => Ok(Val::Int(i64::try_from(nanos / nanos_of_unit).unwrap_or(i64::MAX))),
        _ => field(name, args, get),
    }
}

/// Of a duration only the part below a second, as of a timestamp.
fn milliseconds<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Duration(nanos)] => Ok(Val::Int(i64::try_from(nanos % 1_000_000_000 / 1_000_000).unwrap_or(0))),
        _ => field(name, args, |moment| moment.milliseconds),
    }
}
