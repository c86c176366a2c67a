//! Durations and timestamps: text forms, ranges and calendar fields (proleptic Gregorian, years 1 to 9999).

use jiff::tz::TimeZone;

use crate::value::{Error, Outcome, Val};

const SECOND: i128 = 1_000_000_000;
/// 10,000 years, the range of google.protobuf.Duration, in seconds.
const LONGEST: i128 = 315_576_000_000;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
const FIRST: i128 = -62_135_596_800;
const LAST: i128 = 253_402_300_799;

/// # Errors
/// No number, or out of range.
pub(crate) fn duration<'a>(nanos: Option<i128>) -> Outcome<'a> {
    match nanos {
        Some(nanos) if (nanos / SECOND).abs() <= LONGEST => Ok(Val::Duration(nanos)),
        _ => Err(Error::Invalid("duration out of range".to_owned())),
    }
}

/// # Errors
/// No number, or out of range.
pub(crate) fn timestamp<'a>(nanos: Option<i128>) -> Outcome<'a> {
    match nanos {
        Some(nanos) if (FIRST..=LAST).contains(&nanos.div_euclid(SECOND)) => Ok(Val::Timestamp(nanos)),
        _ => Err(Error::Invalid("timestamp out of range".to_owned())),
    }
}

pub(crate) fn from_seconds(seconds: i64) -> i128 {
    i128::from(seconds) * SECOND
}

pub(crate) fn seconds(nanos: i128) -> i128 {
    nanos.div_euclid(SECOND)
}

/// Reads `1h30m`, `-2.5s`, `100ms`, `0`.
pub(crate) fn parse_duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|next: char| !(next.is_ascii_digit() || next == '.'))?;
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit_length = tail.find(|next: char| next.is_ascii_digit() || next == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(unit_length)?;
        let scale = match unit {
            "h" => 3600 * SECOND,
            "m" => 60 * SECOND,
            "s" => SECOND,
            "ms" => 1_000_000,
            "us" | "µs" | "μs" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        total = total.checked_add(scaled(number, scale)?)?;
        rest = tail;
    }
    Some(sign * total)
}

/// A decimal number times `scale`, cut to whole nanoseconds.
fn scaled(number: &str, scale: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_number = [whole, fraction].iter().all(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
    if (whole.is_empty() && fraction.is_empty()) || whole.len() > 18 || !is_number {
        return None;
    }
    let mut total = if whole.is_empty() { 0 } else { whole.parse::<i128>().ok()?.checked_mul(scale)? };
    let mut unit = scale;
    for digit in fraction.bytes() {
        unit /= 10;
        total += i128::from(digit - b'0') * unit;
    }
    Some(total)
}

/// The form of `string(duration)`: seconds with as many digits as are needed.
pub(crate) fn duration_text(nanos: i128) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (whole, fraction) = (nanos.abs() / SECOND, nanos.abs() % SECOND);
    format!("{sign}{whole}{}s", fraction_text(fraction))
}

fn fraction_text(fraction: i128) -> String {
    match fraction {
        0 => String::new(),
        fraction => format!(".{fraction:09}").trim_end_matches('0').to_owned(),
    }
}

/// Reads RFC 3339.
pub(crate) fn parse_timestamp(text: &str) -> Option<i128> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let mut parts = date.split('-');
    let (year, month, day) = (field(parts.next()?, 4)?, field(parts.next()?, 2)?, field(parts.next()?, 2)?);
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    let mut parts = clock.split(':');
    let (hour, minute) = (field(parts.next()?, 2)?, field(parts.next()?, 2)?);
    let (second, fraction) = parts
        .next()?
        .split_once('.')
        .map_or_else(|| (clock.rsplit(':').next(), "0"), |(second, fraction)| (Some(second), fraction));
    let second = field(second?, 2)?;
    let in_range = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !in_range || hour > 23 || minute > 59 || second > 59 || parts.next().is_some() || fraction.is_empty() {
        return None;
    }
    let nanos = scaled(&format!("0.{fraction}"), SECOND)?;
    let seconds =
        i128::from(days_from_civil(year, month, day)) * 86_400 + i128::from(hour * 3600 + minute * 60 + second);
    Some((seconds - i128::from(offset(zone)?)) * SECOND + nanos)
}

fn field(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Seconds east of UTC of `Z`, `+02:00`, `-09:30`.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (sign, clock) = match zone.strip_prefix('-') {
        Some(clock) => (-1, clock),
        None => (1, zone.strip_prefix('+').unwrap_or(zone)),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (field(hours, 2)?, field(minutes, 2)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

pub(crate) fn timestamp_text(nanos: i128) -> String {
    let moment = Moment::utc(nanos);
    let Moment { year, month, day, hour, minute, second, .. } = moment;
    let fraction = fraction_text(nanos.rem_euclid(SECOND));
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// A timestamp's calendar fields in some zone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub milliseconds: i64,
    /// From 0.
    pub day_of_year: i64,
    /// From Sunday, 0.
    pub day_of_week: i64,
}

impl Moment {
    pub(crate) fn utc(nanos: i128) -> Self {
        let total = i64::try_from(nanos.div_euclid(SECOND)).unwrap_or(0);
        let (days, clock) = (total.div_euclid(86_400), total.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        Self {
            year,
            month,
            day,
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            milliseconds: i64::try_from(nanos.rem_euclid(SECOND) / 1_000_000).unwrap_or(0),
            day_of_year: days - days_from_civil(year, 1, 1),
            day_of_week: (days + 4).rem_euclid(7),
        }
    }

    /// # Errors
    /// The zone is neither an offset nor a name that is known.
    pub(crate) fn within(nanos: i128, zone: &str) -> Result<Self, Error> {
        let unknown = || Error::Invalid(format!("unknown time zone `{zone}`"));
        let seconds = match offset(zone) {
            Some(seconds) => seconds,
            None => {
                let named = TimeZone::get(zone).map_err(|_| unknown())?;
                // The last day of year 9999 is beyond the calendar of the library; its offset is that of the day before.
                let moment = nanos.clamp(FIRST * SECOND, (LAST - 2 * 86_400) * SECOND);
                let moment = jiff::Timestamp::from_nanosecond(moment).map_err(|_| unknown())?;
                i64::from(named.to_offset(moment).seconds())
            }
        };
        Ok(Self::utc(nanos + from_seconds(seconds)))
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01. Counts in eras of 400 years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
