//! Which of the certificates in objects a rule judges, and how their dates are told.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rampart_model::certificate::Certificate;
use rampart_model::facts::certificates::{Bundle, Content, Use};
use rampart_model::{Facts, Reporter};

pub(super) const DAY: i64 = 24 * 60 * 60;

/// The bundles that could be read, counted as examined; what could not be seen is a gap.
pub(super) fn bundles<'f>(facts: &'f Facts, report: &mut Reporter<'_>) -> Vec<&'f Bundle> {
    report.sees(facts, &["Secret"]);
    let all = &facts.certificates.bundles;
    for bundle in all.iter().filter(|bundle| matches!(bundle.content, Content::Hidden)) {
        report.gap(
            format!(
                "the certificate in `{}` of {} was left out of what was scanned",
                bundle.field, bundle.origin.subject
            ),
            "scan the cluster itself, or files that hold the certificate",
        );
    }
    let read: Vec<&Bundle> = all.iter().filter(|bundle| !bundle.certificates().is_empty()).collect();
    report.examined(read.len());
    read
}

/// The certificates whose dates matter: of those to trust none does as long as one of them fulfils `is_fine`, since the
/// others are left from a rotation.
pub(super) fn dated(bundle: &Bundle, is_fine: impl Fn(&Certificate) -> bool) -> &[Certificate] {
    let all = bundle.certificates();
    match bundle.usage {
        Use::Issued => &[],
        Use::Trust if all.iter().any(is_fine) => &[],
        Use::Leaf | Use::Trust => all,
    }
}

/// The leaf, with all other certificates that have to be sound: authorities between it and its root.
pub(super) fn in_use(bundle: &Bundle) -> impl Iterator<Item = &Certificate> {
    let all = if bundle.usage == Use::Issued { &[] } else { bundle.certificates() };
    all.iter()
}

/// A key for a finding about one certificate of a bundle.
pub(super) fn key(bundle: &Bundle, certificate: &Certificate) -> String {
    format!("{} {}", bundle.field, certificate.name)
}

pub(super) fn day(seconds: i64) -> String {
    date(seconds).map_or_else(|| "a day beyond the calendar".to_owned(), |date| date.to_string())
}

/// None beyond the calendar.
pub(super) fn date(seconds: i64) -> Option<Date> {
    Timestamp::from_second(seconds).ok().map(|instant| instant.to_zoned_datetime(TimeZone::UTC).date())
}

/// The hours of a duration as Go writes it, such as `2160h` or `90h30m`; seconds and less are left out.
pub(super) fn hours(text: &str) -> Option<u64> {
    let mut minutes = 0u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit = tail.find(|character: char| character.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(unit)?;
        let whole: u64 = number.split('.').next()?.parse().ok()?;
        minutes = minutes.checked_add(match unit {
            "h" => whole.checked_mul(60)?,
            "m" => whole,
            "s" | "ms" | "us" | "µs" | "ns" => 0,
            _ => return None,
        })?;
        rest = tail;
    }
    Some(minutes / 60)
}

#[cfg(test)]
mod tests {
    use super::{day, hours};

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(hours("2160h"), Some(2160));
        assert_eq!(hours("2160h0m0s"), Some(2160));
        assert_eq!(hours("1h90m"), Some(2));
        for text in ["h", "12", "3d", "99999999999999999999h", "1h-2m"] {
            assert_eq!(hours(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_told_for_every_number() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(i64::MAX), "a day beyond the calendar");
    }
}
