//! Whole numbers of any length, as far as quantities need them: in limbs of nine decimal digits, the lowest first.

use std::cmp::Ordering;

const BASE: u64 = 1_000_000_000;
const WIDTH: usize = 9;

/// Without zeros at the high end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digits(Vec<u32>);

impl Digits {
    /// Reads decimal digits; an empty text is zero.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut limbs = Vec::with_capacity(text.len() / WIDTH + 1);
        let mut end = text.len();
        while end > 0 {
            let start = end.saturating_sub(WIDTH);
            limbs.push(text.get(start..end)?.parse().ok()?);
            end = start;
        }
        Some(Self(limbs).trimmed())
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn limb(&self, position: usize) -> u64 {
        self.0.get(position).copied().map_or(0, u64::from)
    }

    /// From the lowest limb on; each function value carries what is above the base.
    fn collect(count: usize, mut limb: impl FnMut(usize) -> u64) -> Self {
        let mut carry = 0;
        let mut limbs = Vec::with_capacity(count + 1);
        for position in 0..count {
            let total = limb(position) + carry;
            limbs.push(u32::try_from(total % BASE).unwrap_or(0));
            carry = total / BASE;
        }
        while carry > 0 {
            limbs.push(u32::try_from(carry % BASE).unwrap_or(0));
            carry /= BASE;
        }
        Self(limbs).trimmed()
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::collect(self.0.len().max(other.0.len()), |position| self.limb(position) + other.limb(position))
    }

    /// The difference; `other` must not be larger.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut borrow = 0;
        Self::collect(self.0.len(), |position| {
            let total = BASE + self.limb(position) - other.limb(position) - borrow;
            borrow = u64::from(total < BASE);
            total % BASE
        })
    }

    pub(super) fn times(&self, factor: u32) -> Self {
        Self::collect(self.0.len(), |position| self.limb(position) * u64::from(factor))
    }

    /// Times ten to `power`. What a negative power cuts off rounds up.
    pub(super) fn shifted(&self, power: i32) -> Self {
        let mut text = self.to_string();
        let count = usize::try_from(power.unsigned_abs()).unwrap_or(usize::MAX);
        if self.is_zero() {
            return self.clone();
        }
        if power >= 0 {
            text.extend(std::iter::repeat_n('0', count));
            return Self::parse(&text).unwrap_or_default();
        }
        let kept = text.len().saturating_sub(count);
        let (kept, cut) = text.split_at_checked(kept).unwrap_or((&text, ""));
        let number = Self::parse(kept).unwrap_or_default();
        let is_exact = cut.bytes().all(|digit| digit == b'0');
        if is_exact { number } else { number.plus(&Self(vec![1])) }
    }
}

impl PartialOrd for Digits {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Digits {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl std::fmt::Display for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut limbs = self.0.iter().rev();
        write!(f, "{}", limbs.next().copied().unwrap_or(0))?;
        limbs.try_for_each(|limb| write!(f, "{limb:09}"))
    }
}
