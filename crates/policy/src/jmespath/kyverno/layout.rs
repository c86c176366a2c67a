//! Times by layouts as Go has them: the reference time `Mon Jan 2 15:04:05 MST 2006` written in the wanted form.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

pub(super) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";

/// A point in time, and the offset that it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub at: Timestamp,
    pub offset: Offset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    MonthName {
        is_long: bool,
    },
    Month,
    WeekdayName {
        is_long: bool,
    },
    Day,
    DayOfYear,
    Hour,
    Hour12,
    Minute,
    Second,
    Noon,
    ZoneName,
    /// `Z` stands for UTC; colons between hours and minutes; minutes at all.
    Offset {
        z: bool,
        colon: bool,
        minutes: bool,
    },
}

/// Each with the width of a number that must have exactly so many digits. Longer ones stand before their beginnings.
const PARTS: [(&str, Part, Option<usize>); 28] = [
    ("January", Part::MonthName { is_long: true }, None),
    ("Jan", Part::MonthName { is_long: false }, None),
    ("Monday", Part::WeekdayName { is_long: true }, None),
    ("Mon", Part::WeekdayName { is_long: false }, None),
    ("MST", Part::ZoneName, None),
    ("002", Part::DayOfYear, Some(3)),
    ("01", Part::Month, Some(2)),
    ("02", Part::Day, Some(2)),
    ("03", Part::Hour12, Some(2)),
    ("04", Part::Minute, Some(2)),
    ("05", Part::Second, Some(2)),
    ("06", Part::ShortYear, Some(2)),
    ("15", Part::Hour, None),
    ("1", Part::Month, None),
    ("2006", Part::Year, Some(4)),
    ("2", Part::Day, None),
    ("_2", Part::Day, None),
    ("3", Part::Hour12, None),
    ("4", Part::Minute, None),
    ("5", Part::Second, None),
    ("PM", Part::Noon, None),
    ("pm", Part::Noon, None),
    ("-07:00", Part::Offset { z: false, colon: true, minutes: true }, None),
    ("-0700", Part::Offset { z: false, colon: false, minutes: true }, None),
    ("-07", Part::Offset { z: false, colon: false, minutes: false }, None),
    ("Z07:00", Part::Offset { z: true, colon: true, minutes: true }, None),
    ("Z0700", Part::Offset { z: true, colon: false, minutes: true }, None),
    ("Z07", Part::Offset { z: true, colon: false, minutes: false }, None),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[derive(Default)]
struct Fields {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
    day_of_year: Option<i16>,
    hour: i8,
    minute: i8,
    second: i8,
    nanos: i32,
    is_afternoon: Option<bool>,
    offset: i32,
}

/// Reads a text by its layout; none where it is not so written, or no such time exists.
pub(super) fn parse(layout: &str, text: &str) -> Option<Moment> {
    let (mut layout, mut text) = (layout, text);
    let mut fields = Fields::default();
    while let Some(next) = layout.chars().next() {
        if let Some(digits) = fraction_of(layout) {
            layout = layout.get(1 + digits..)?;
            text = fraction(text, &mut fields)?;
        } else if let Some((sign, part, width)) = PARTS.iter().find(|(sign, ..)| layout.starts_with(sign)) {
            layout = layout.get(sign.len()..)?;
            text = read(*part, *width, text.trim_start_matches(if *sign == "_2" { ' ' } else { '\0' }), &mut fields)?;
            // A fraction may follow the seconds, though the layout has none.
            let has_fraction = text.starts_with(['.', ',']) && text.get(1..).is_some_and(starts_with_digit);
            if *part == Part::Second && has_fraction && fraction_of(layout).is_none() {
                text = fraction(text, &mut fields)?;
            }
        } else if next == ' ' {
            if !text.is_empty() && !text.starts_with(' ') {
                return None;
            }
            (layout, text) = (layout.trim_start_matches(' '), text.trim_start_matches(' '));
        } else {
            (layout, text) = (layout.get(next.len_utf8()..)?, text.strip_prefix(next)?);
        }
    }
    if text.is_empty() { fields.moment() } else { None }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|next: char| next.is_ascii_digit())
}

/// The digits of `.000` or `.999`, if the layout goes on with that.
fn fraction_of(layout: &str) -> Option<usize> {
    let rest = layout.strip_prefix(['.', ','])?;
    let digit = rest.chars().next().filter(|next| matches!(next, '0' | '9'))?;
    let digits = rest.len() - rest.trim_start_matches(digit).len();
    (!rest.get(digits..).is_some_and(starts_with_digit)).then_some(digits)
}

fn fraction<'t>(text: &'t str, fields: &mut Fields) -> Option<&'t str> {
    let Some(rest) = text.strip_prefix(['.', ',']) else { return Some(text) };
    let (digits, rest) = rest.split_at_checked(rest.find(|next: char| !next.is_ascii_digit()).unwrap_or(rest.len()))?;
    fields.nanos = format!("{digits:0<9}").get(..9)?.parse().ok()?;
    Some(rest)
}

fn read<'t>(part: Part, width: Option<usize>, text: &'t str, fields: &mut Fields) -> Option<&'t str> {
    let name = |names: &[&'static str], is_long: bool| {
        let names = names.iter().enumerate();
        let shown = names.map(|(at, name)| (at, if is_long { name } else { name.get(..3).unwrap_or(name) }));
        shown.into_iter().find_map(|(at, name)| {
            let found = text.get(..name.len())?;
            found.eq_ignore_ascii_case(name).then(|| (at, text.get(name.len()..).unwrap_or_default()))
        })
    };
    match part {
        Part::MonthName { is_long } => {
            let (at, rest) = name(&MONTHS, is_long)?;
            fields.month = i8::try_from(at + 1).ok();
            return Some(rest);
        }
        Part::WeekdayName { is_long } => return name(&WEEKDAYS, is_long).map(|(_, rest)| rest),
        Part::Noon => {
            let (half, rest) = text.split_at_checked(2)?;
            fields.is_afternoon = match half {
                "PM" | "pm" => Some(true),
                "AM" | "am" => Some(false),
                _ => return None,
            };
            return Some(rest);
        }
        Part::ZoneName => {
            let length = text.find(|next: char| !next.is_ascii_uppercase()).unwrap_or(text.len());
            return (3..=5).contains(&length).then(|| text.get(length..)).flatten();
        }
        Part::Offset { z, colon, minutes } => return offset(text, z, colon, minutes, fields),
        _ => {}
    }
    let length = width.unwrap_or(if text.get(..2).is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_digit())) {
        2
    } else {
        1
    });
    let (number, rest) = digits(text, length)?;
    let small = i8::try_from(number);
    match part {
        Part::Year => fields.year = number,
        Part::ShortYear => fields.year = number + if number >= 69 { 1900 } else { 2000 },
        Part::Month => fields.month = small.ok(),
        Part::Day => fields.day = small.ok(),
        Part::DayOfYear => fields.day_of_year = Some(number),
        Part::Hour | Part::Hour12 => fields.hour = small.ok()?,
        Part::Minute => fields.minute = small.ok()?,
        Part::Second => fields.second = small.ok()?,
        _ => {}
    }
    Some(rest)
}

fn digits(text: &str, count: usize) -> Option<(i16, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten().map(|number| (number, rest))
}

fn offset<'t>(text: &'t str, z: bool, colon: bool, minutes: bool, fields: &mut Fields) -> Option<&'t str> {
    if let (true, Some(rest)) = (z, text.strip_prefix('Z')) {
        return Some(rest);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, rest) = digits(text.get(1..)?, 2)?;
    let rest = if colon { rest.strip_prefix(':')? } else { rest };
    let (minutes, rest) = if minutes { digits(rest, 2)? } else { (0, rest) };
    if hours > 24 || minutes > 60 {
        return None;
    }
    fields.offset = sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60);
    Some(rest)
}

impl Fields {
    fn moment(&self) -> Option<Moment> {
        let hour = match self.is_afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let date = match self.day_of_year {
            Some(day) => {
                let first = Date::new(self.year, 1, 1).ok()?;
                let date = first.checked_add(jiff::Span::new().try_days(i64::from(day) - 1).ok()?).ok()?;
                (day >= 1 && date.year() == self.year).then_some(date)?
            }
            None => Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?,
        };
        let time = Time::new(hour, self.minute, self.second, self.nanos).ok()?;
        let offset = Offset::from_seconds(self.offset).ok()?;
        Some(Moment { at: offset.to_timestamp(date.to_datetime(time)).ok()?, offset })
    }
}

impl Moment {
    pub(super) fn civil(self) -> jiff::civil::DateTime {
        self.offset.to_datetime(self.at)
    }
}

impl std::fmt::Display for Moment {
    /// RFC 3339, without fractions of seconds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.civil().strftime("%Y-%m-%dT%H:%M:%S").to_string())?;
        let minutes = self.offset.seconds() / 60;
        match minutes {
            0 => f.write_str("Z"),
            _ => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_read_what_go_reads() {
        let cases = [
            (RFC3339, "2021-01-02T15:04:05-07:00", "2021-01-02T15:04:05-07:00"),
            (RFC3339, "2021-01-02T15:04:05.123456Z", "2021-01-02T15:04:05Z"),
            ("Mon Jan _2 15:04:05 MST 2006", "Mon Jan  2 15:04:05 UTC 2023", "2023-01-02T15:04:05Z"),
            ("02 Jan 06 15:04 -0700", "02 Jan 06 15:04 -0700", "2006-01-02T15:04:00-07:00"),
            ("Monday, 02-Jan-06 15:04:05 MST", "Monday, 02-Jan-23 15:04:05 GMT", "2023-01-02T15:04:05Z"),
            ("3:04PM", "3:04PM", "0000-01-01T15:04:00Z"),
            ("2006-01-02", "2024-02-29", "2024-02-29T00:00:00Z"),
            ("2006-002", "2024-060", "2024-02-29T00:00:00Z"),
            ("15:04:05.000", "01:02:03.456", "0000-01-01T01:02:03Z"),
        ];
        for (layout, text, written) in cases {
            assert_eq!(
                parse(layout, text).map(|moment| moment.to_string()),
                Some(written.to_owned()),
                "{layout} {text}"
            );
        }
    }

    #[test]
    fn times_that_do_not_exist_are_refused() {
        for text in ["", "2021-02-30T00:00:00Z", "2021-01-02T25:00:00Z", "2021-01-02", "2021-01-02T15:04:05", "x"] {
            assert_eq!(parse(RFC3339, text), None, "{text}");
        }
    }
}
