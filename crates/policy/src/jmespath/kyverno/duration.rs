//! Durations as Go writes them, in nanoseconds.

const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads `1h30m`, `-2.5s`, `0`.
pub(super) fn parse(text: &str) -> Option<i64> {
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
        let is_number = |next: char| next.is_ascii_digit() || next == '.';
        let (number, tail) = rest.split_at_checked(rest.find(|next| !is_number(next))?)?;
        let (unit, tail) = tail.split_at_checked(tail.find(is_number).unwrap_or(tail.len()))?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(scaled(number, *scale)?)?;
        rest = tail;
    }
    i64::try_from(sign * total).ok()
}

fn scaled(number: &str, scale: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || whole.len() > 19 || fraction.contains('.') {
        return None;
    }
    let mut total = if whole.is_empty() { 0 } else { whole.parse::<i128>().ok()? * scale };
    let mut unit = scale;
    for digit in fraction.bytes() {
        unit /= 10;
        total += i128::from(digit - b'0') * unit;
    }
    Some(total)
}

/// Writes `1h30m0s`, `2.5s`, `15ms`, `0s`.
pub(super) fn text(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let size = nanos.unsigned_abs();
    let fraction = |value: u64, unit: u64, places: usize| {
        let rest = format!("{:0places$}", value % unit);
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() { format!("{}", value / unit) } else { format!("{}.{rest}", value / unit) }
    };
    match size {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{size}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", fraction(size, 1_000, 3)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", fraction(size, 1_000_000, 6)),
        _ => {
            let minutes = size / 60_000_000_000;
            let seconds = fraction(size % 60_000_000_000, 1_000_000_000, 9);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_as_go_does() {
        let cases = [
            ("90m", "1h30m0s"),
            ("1.5s", "1.5s"),
            ("-1h", "-1h0m0s"),
            ("1500us", "1.5ms"),
            ("0", "0s"),
            ("1h0.000000001s", "1h0m0.000000001s"),
            ("12ns", "12ns"),
        ];
        for (given, written) in cases {
            assert_eq!(text(parse(given).unwrap()), written, "{given}");
        }
        for wrong in ["", "1", "h", "1d", "1h-1m", ".s", "99999999999h"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
