//! Kubernetes quantities, exact to a billionth.

/// Billionths of one.
const UNIT: i128 = 1_000_000_000;
const LARGEST: i128 = (i64::MAX as i128) * UNIT;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// `k`, `M`, ..
    Decimal,
    /// `Ki`, `Mi`, ..
    Binary,
    /// `e3`
    Exponent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quantity {
    nanos: i128,
    format: Format,
}

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// What a suffix means: a power of ten, a power of 1024, and the form to write results in.
fn suffix(text: &str) -> Option<(i32, u32, Format)> {
    if let Some((_, power)) = DECIMAL.iter().find(|(suffix, _)| *suffix == text) {
        return Some((*power, 0, Format::Decimal));
    }
    if let Some(power) = BINARY.iter().position(|suffix| *suffix == text) {
        return Some((0, u32::try_from(power).ok()?, Format::Binary));
    }
    let exponent = text.strip_prefix(['e', 'E'])?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (exponent.parse().unwrap_or(i32::MAX / 2), 0, Format::Exponent))
}

/// `mantissa` times ten to the `power`, away from zero where digits are lost, bounded to the largest quantity.
fn scaled(mantissa: i128, power: i32) -> i128 {
    let factor = 10i128.checked_pow(power.unsigned_abs());
    let value = match (factor, power < 0) {
        _ if mantissa == 0 => 0,
        (Some(factor), false) => mantissa.saturating_mul(factor),
        (None, false) => mantissa.signum() * LARGEST,
        (Some(factor), true) => mantissa / factor + if mantissa % factor == 0 { 0 } else { mantissa.signum() },
        (None, true) => mantissa.signum(),
    };
    value.clamp(-LARGEST, LARGEST)
}

impl Quantity {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = rest.find(|next: char| !(next.is_ascii_digit() || next == '.')).unwrap_or(rest.len());
        let (number, unit) = rest.split_at_checked(end)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return None;
        }
        let (power, power_of_1024, format) = suffix(unit)?;
        // More digits than these are below a billionth, or beyond the largest.
        let fraction = fraction.get(..fraction.len().min(18)).unwrap_or(fraction);
        let digits = format!("{}{fraction}", whole.trim_start_matches('0'));
        let mantissa: i128 = match digits.as_str() {
            "" => 0,
            digits if digits.len() > 37 => i128::MAX / 4,
            digits => digits.parse().ok()?,
        };
        let places = i32::try_from(fraction.len()).ok()?;
        let mantissa = mantissa.saturating_mul(1024i128.pow(power_of_1024)).min(i128::MAX / 4);
        Some(Self { nanos: sign * scaled(mantissa, power.saturating_add(9 - places)), format })
    }

    pub(super) fn of(number: f64) -> Option<Self> {
        Self::parse(&format!("{number}"))
    }

    pub(super) fn nanos(self) -> i128 {
        self.nanos
    }

    pub(super) fn is_zero(self) -> bool {
        self.nanos == 0
    }

    pub(super) fn about(self) -> f64 {
        self.nanos as f64 / 1e9
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let format = if self.is_zero() { other.format } else { self.format };
        Some(Self { nanos: self.nanos.checked_add(other.nanos)?, format })
    }

    pub(super) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { nanos: -other.nanos, ..other })
    }

    /// Digits and a power of ten, with no zeros at the end.
    fn decimal(self) -> (i128, i32) {
        let (mut mantissa, mut power) = (self.nanos, -9);
        while mantissa != 0 && mantissa % 10 == 0 {
            (mantissa, power) = (mantissa / 10, power + 1);
        }
        (mantissa, power)
    }

    pub(super) fn times(self, factor: Self) -> Option<Self> {
        let ((one, one_power), (other, other_power)) = (self.decimal(), factor.decimal());
        Some(Self { nanos: scaled(one.checked_mul(other)?, one_power + other_power + 9), ..self })
    }

    /// With as many decimal places as the more precise of both has, cut there.
    pub(super) fn divided_by(self, divisor: Self) -> Option<Self> {
        let places = [self, divisor].map(|quantity| quantity.decimal().1.min(0).unsigned_abs());
        let factor = 10i128.pow(places.into_iter().max()?);
        let quotient = self.nanos.checked_mul(factor)?.checked_div(divisor.nanos)?;
        Some(Self { nanos: quotient.checked_mul(UNIT / factor)?, ..self })
    }

    /// The rest of whole quantities.
    pub(super) fn rest(self, other: Self) -> Option<Self> {
        let is_whole = self.nanos % UNIT == 0 && other.nanos % UNIT == 0;
        let nanos = self.nanos.checked_rem(other.nanos)?;
        is_whole.then_some(Self { nanos, ..self })
    }
}

impl std::fmt::Display for Quantity {
    /// The canonical form: no fraction, and the largest suffix that loses nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_zero() {
            return f.write_str("0");
        }
        if self.format == Format::Binary && self.nanos.abs() >= 1024 * UNIT {
            let mut whole = scaled(self.nanos, -9);
            let mut suffixes = BINARY.iter();
            let mut suffix = suffixes.next();
            while whole % 1024 == 0 && suffixes.len() > 0 {
                (whole, suffix) = (whole / 1024, suffixes.next());
            }
            return write!(f, "{whole}{}", suffix.copied().unwrap_or_default());
        }
        let (mut mantissa, mut power) = self.decimal();
        while power % 3 != 0 || power > 18 {
            (mantissa, power) = (mantissa * 10, power - 1);
        }
        match DECIMAL.iter().find(|(_, of)| *of == power) {
            Some((suffix, _)) if self.format != Format::Exponent => write!(f, "{mantissa}{suffix}"),
            _ if power == 0 => write!(f, "{mantissa}"),
            _ => write!(f, "{mantissa}e{power}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_in_canonical_form() {
        let cases = [
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("0.5Ki", "512"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("0.1", "100m"),
            ("1000k", "1M"),
            ("12e3", "12e3"),
            ("5e-1", "500e-3"),
            ("-2Gi", "-2Gi"),
            ("00", "0"),
            ("0.0000000001", "1n"),
        ];
        for (text, canonical) in cases {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in ["", "1h", "Mi", "1.2.3", "1ki", "--1", "1e", "1 Gi", "."] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
