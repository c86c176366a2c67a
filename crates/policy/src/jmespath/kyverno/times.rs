//! Functions of times. What the clock shows is given by the caller.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::super::eval::Machine;
use super::super::functions::Args;
use super::super::value::{Error, Outcome, Val};
use super::duration;
use super::layout::{self, Moment, RFC3339};

fn read(args: &Args<'_, '_>, layout: &str, at: usize) -> Result<Moment, Error> {
    let text = args.text(at)?;
    match layout::parse(layout, text) {
        Some(moment) => Ok(moment),
        None => args.failed(format!("`{}` is no time of the form `{layout}`", &**text)),
    }
}

fn time(args: &Args<'_, '_>, at: usize) -> Result<Moment, Error> {
    read(args, RFC3339, at)
}

fn span(args: &Args<'_, '_>, at: usize) -> Result<i64, Error> {
    let text = args.text(at)?;
    match duration::parse(text) {
        Some(nanos) => Ok(nanos),
        None => args.failed(format!("`{}` is no duration such as `1h30m`", &**text)),
    }
}

fn now(machine: &Machine, args: &Args<'_, '_>) -> Result<Moment, Error> {
    match machine.now {
        Some(at) => Ok(Moment { at, offset: Offset::UTC }),
        None => args.failed("the time is not known here"),
    }
}

fn written<'a>(moment: Moment) -> Outcome<'a> {
    Ok(Val::text(moment.to_string()))
}

/// As far as a duration reaches.
fn between(from: Timestamp, to: Timestamp) -> i64 {
    let nanos = to.as_nanosecond() - from.as_nanosecond();
    i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
}

pub(super) fn time_now<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    written(now(machine, args)?)
}

/// layout (RFC 3339 where empty), from, to (now where empty)
pub(super) fn time_since<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let layout = args.text(0)?;
    let layout = if layout.is_empty() { RFC3339 } else { layout };
    let from = read(args, layout, 1)?;
    let to = if args.text(2)?.is_empty() { now(machine, args)? } else { read(args, layout, 2)? };
    Ok(Val::text(duration::text(between(from.at, to.at))))
}

pub(super) fn time_to_cron<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let civil = time(args, 0)?.civil();
    let weekday = civil.weekday().to_sunday_zero_offset();
    Ok(Val::text(format!("{} {} {} {} {weekday}", civil.minute(), civil.hour(), civil.day(), civil.month())))
}

pub(super) fn time_add<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (moment, span) = (time(args, 0)?, span(args, 1)?);
    match moment.at.checked_add(SignedDuration::from_nanos(span)) {
        Ok(at) => written(Moment { at, ..moment }),
        Err(_) => args.failed("the result is out of range"),
    }
}

/// A layout that is a number stands for seconds since 1970.
pub(super) fn time_parse<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (layout, text) = (args.text(0)?, args.text(1)?);
    if layout.parse::<i64>().is_err() {
        return written(read(args, layout, 1)?);
    }
    let seconds = text.parse::<i64>().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    match seconds {
        Some(at) => written(Moment { at, offset: Offset::UTC }),
        None => args.failed(format!("`{}` is no number of seconds since 1970", &**text)),
    }
}

pub(super) fn time_utc<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    written(Moment { offset: Offset::UTC, ..time(args, 0)? })
}

pub(super) fn time_diff<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(Val::text(duration::text(between(time(args, 0)?.at, time(args, 1)?.at))))
}

pub(super) fn time_before<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(Val::Bool(time(args, 0)?.at < time(args, 1)?.at))
}

pub(super) fn time_after<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(Val::Bool(time(args, 0)?.at > time(args, 1)?.at))
}

/// The ends themselves are not between.
pub(super) fn time_between<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (at, start, end) = (time(args, 0)?.at, time(args, 1)?.at, time(args, 2)?.at);
    Ok(Val::Bool(start < at && at < end))
}

/// Down to a multiple of the duration, counted from the year 1.
pub(super) fn time_truncate<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    const YEAR_ONE: i128 = -62_135_596_800_000_000_000;
    let (moment, span) = (time(args, 0)?, i128::from(span(args, 1)?));
    if span <= 0 {
        return written(moment);
    }
    let nanos = moment.at.as_nanosecond();
    match Timestamp::from_nanosecond(nanos - (nanos - YEAR_ONE).rem_euclid(span)) {
        Ok(at) => written(Moment { at, ..moment }),
        Err(_) => args.failed("the result is out of range"),
    }
}
