//! Equality of decimal numbers of any size, without rounding.

/// Whether two JSON number literals have the same value: `1`, `1.0` and `10e-1` do.
pub(super) fn same(one: &str, other: &str) -> bool {
    one == other || Decimal::of(one) == Decimal::of(other)
}

/// A number as its digits without zeros at either end, and the power of ten of its last digit.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    power: i64,
}

impl Decimal {
    fn of(literal: &str) -> Self {
        let (is_negative, unsigned) = match literal.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, literal),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_end_matches('0');
        let zeros = i64::try_from(digits.len() - significant.len()).unwrap_or(i64::MAX);
        let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        // Exponents that no machine integer holds are all alike: such numbers are told apart by their digits.
        let bound = if exponent.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 };
        let exponent = exponent.trim_start_matches('+').parse::<i64>().unwrap_or(bound);
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return Self { is_negative: false, digits: String::new(), power: 0 };
        }
        let power = exponent.saturating_sub(places).saturating_add(zeros);
        Self { is_negative, digits: significant.to_owned(), power }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equal_by_value() {
        for (one, other) in
            [("1", "1.0"), ("10", "1e1"), ("0.50", "5E-1"), ("-0", "0.0"), ("120e-1", "12"), ("1e+2", "100")]
        {
            assert!(same(one, other), "{one} {other}");
        }
        for (one, other) in [("1", "-1"), ("9007199254740993", "9007199254740992"), ("1e2", "1e3"), ("0.1", "0.01")] {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
