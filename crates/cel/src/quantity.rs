//! Kubernetes quantities such as `1.5Gi`, `250m` and `12e6`: read, added, compared exactly.
//!
//! The value is a whole number of billionths, the finest step that the API server keeps. Beside it stands the compact form
//! (a 64-bit number and a power of ten), because the API server calls a quantity an integer only where that form, as it
//! was written, is one: `1k` is an integer, `1000m` is none.

mod digits;

use std::cmp::Ordering;

use digits::Digits;

/// Digits behind the point that are kept.
const NANO: i32 = 9;
/// What a quantity of binary suffix is capped at: 2^63 - 1.
const CAP: &str = "9223372036854775807";
/// Digits of a number that a compact form surely holds.
const COMPACT: usize = 18;
/// Numbers longer than this are refused.
const LONGEST: usize = 1000;

/// A number as resources are counted, exact.
#[derive(Debug, Clone)]
pub struct Quantity {
    negative: bool,
    nanos: Digits,
    compact: Option<Compact>,
}

#[derive(Debug, Clone, Copy)]
struct Compact {
    value: i64,
    /// The power of ten that the value is multiplied with.
    scale: i32,
}

enum Suffix {
    Ten(i32),
    /// A power of 1024.
    Binary(u32),
}

impl Quantity {
    /// Reads a quantity; none where the text is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, rest) = leading_digits(unsigned);
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => leading_digits(rest),
            None => ("", rest),
        };
        if (whole.is_empty() && fraction.is_empty()) || whole.len() + fraction.len() > LONGEST {
            return None;
        }
        let suffix = read_suffix(suffix)?;
        let whole = whole.trim_start_matches('0');
        let digits = format!("{whole}{fraction}");
        let places = i32::try_from(fraction.len()).ok()?;
        let compact = compact(negative, &digits, whole.len().max(1), fraction.len(), &suffix);
        let nanos = match (&suffix, compact) {
            (Suffix::Ten(exponent), _) => scaled(&digits, exponent.checked_sub(places)?.checked_add(NANO)?)?,
            (Suffix::Binary(power), compact) => {
                let mut nanos = digits_of(&digits, *power)?;
                nanos = nanos.shifted(NANO - places);
                let cap = Digits::parse(CAP)?.shifted(NANO);
                if compact.is_none() && nanos.cmp(&cap) == Ordering::Greater { cap } else { nanos }
            }
        };
        Some(Self { negative: negative && !nanos.is_zero(), nanos, compact })
    }

    /// A whole number.
    pub fn of(value: i64) -> Self {
        let nanos = Digits::parse(&value.unsigned_abs().to_string()).unwrap_or_default().shifted(NANO);
        Self { negative: value < 0, nanos, compact: Some(Compact { value, scale: 0 }) }
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i64 {
        match (self.nanos.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    fn negated(&self) -> Self {
        let compact =
            self.compact.and_then(|Compact { value, scale }| value.checked_neg().map(|value| Compact { value, scale }));
        Self { negative: !self.negative && !self.nanos.is_zero(), nanos: self.nanos.clone(), compact }
    }

    /// The exact sum.
    pub fn add(&self, other: &Self) -> Self {
        let (negative, nanos) = match (self.negative == other.negative, self.nanos.cmp(&other.nanos)) {
            (true, _) => (self.negative, self.nanos.plus(&other.nanos)),
            (false, Ordering::Less) => (other.negative, other.nanos.minus(&self.nanos)),
            (false, _) => (self.negative, self.nanos.minus(&other.nanos)),
        };
        let compact = self.compact.zip(other.compact).and_then(|(a, b)| a.add(b));
        Self { negative: negative && !nanos.is_zero(), nanos, compact }
    }

    /// The exact difference.
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.negated())
    }

    /// The whole number, where the compact form is one.
    pub fn integer(&self) -> Option<i64> {
        let compact = self.compact?;
        compact.raised(u32::try_from(compact.scale).ok()?)
    }

    #[expect(clippy::cast_precision_loss, reason = "the result is asked for as an approximation")]
    pub fn approximate(&self) -> f64 {
        match self.compact {
            Some(Compact { value, scale }) => value as f64 * power_of_ten(scale),
            None => {
                let sign = if self.negative { -1.0 } else { 1.0 };
                let text = self.nanos.to_string();
                sign * format!("{text}e-{NANO}").parse().unwrap_or(f64::INFINITY)
            }
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.nanos.cmp(&other.nanos),
            (true, true) => other.nanos.cmp(&self.nanos),
        }
    }
}

impl std::fmt::Display for Quantity {
    /// In plain decimal notation.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{:0>10}", self.nanos.to_string());
        let (whole, fraction) = text.split_at_checked(text.len() - 9).unwrap_or((&text, ""));
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.negative { "-" } else { "" };
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

impl Compact {
    fn raised(self, power: u32) -> Option<i64> {
        if self.value == 0 { Some(0) } else { self.value.checked_mul(10_i64.checked_pow(power)?) }
    }

    /// The sum at the finer scale of the two.
    fn add(self, other: Self) -> Option<Self> {
        if other.value == 0 {
            return Some(self);
        }
        if self.value == 0 {
            return Some(other);
        }
        let (coarse, fine) = if self.scale >= other.scale { (self, other) } else { (other, self) };
        let value = coarse.raised(coarse.scale.abs_diff(fine.scale))?.checked_add(fine.value)?;
        Some(Self { value, scale: fine.scale })
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at_checked(text.bytes().take_while(u8::is_ascii_digit).count()).unwrap_or((text, ""))
}

fn read_suffix(text: &str) -> Option<Suffix> {
    Some(match text {
        "" => Suffix::Ten(0),
        "n" => Suffix::Ten(-9),
        "u" => Suffix::Ten(-6),
        "m" => Suffix::Ten(-3),
        "k" => Suffix::Ten(3),
        "M" => Suffix::Ten(6),
        "G" => Suffix::Ten(9),
        "T" => Suffix::Ten(12),
        "P" => Suffix::Ten(15),
        "E" => Suffix::Ten(18),
        "Ki" => Suffix::Binary(1),
        "Mi" => Suffix::Binary(2),
        "Gi" => Suffix::Binary(3),
        "Ti" => Suffix::Binary(4),
        "Pi" => Suffix::Binary(5),
        "Ei" => Suffix::Binary(6),
        _ => Suffix::Ten(text.strip_prefix(['e', 'E'])?.parse().ok()?),
    })
}

/// The form that the API server keeps in 64 bits, where it does.
fn compact(negative: bool, digits: &str, whole: usize, places: usize, suffix: &Suffix) -> Option<Compact> {
    let (scale, factor) = match suffix {
        Suffix::Ten(exponent) if whole + places <= COMPACT => (*exponent, 1),
        // A power of 1024 takes three digits of the fourteen.
        Suffix::Binary(power) if places == 0 && whole + 3 * *power as usize <= 14 => (0, 1_i64 << (10 * power)),
        _ => return None,
    };
    let scale = scale.checked_sub(i32::try_from(places).ok()?)?;
    if scale < -NANO {
        return None;
    }
    let value = if digits.is_empty() { 0 } else { digits.parse::<i64>().ok()? }.checked_mul(factor)?;
    Some(Compact { value: if negative { -value } else { value }, scale })
}

/// Times a power of ten; what is lost below the last digit rounds away from zero.
fn scaled(digits: &str, power: i32) -> Option<Digits> {
    let number = Digits::parse(digits)?;
    if number.is_zero() {
        return Some(number);
    }
    (power <= i32::try_from(LONGEST).ok()?).then(|| number.shifted(power))
}

fn digits_of(digits: &str, power: u32) -> Option<Digits> {
    let mut number = Digits::parse(digits)?;
    for _ in 0..power {
        number = number.times(1024);
    }
    Some(number)
}

fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::INFINITY)
}
