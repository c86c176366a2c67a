//! npm and cargo: carets, tildes, hyphens and versions with parts left out.
//!
//! A bare version is exact in npm and a caret in cargo. Upper bounds that are made end in `-0`, so that no pre-release
//! of what is excluded slips in.

use super::{Bound, Sign, conjunction, sign};
use crate::version::Scheme;

pub(super) fn read(scheme: Scheme, text: &str) -> Result<Vec<Vec<Bound>>, String> {
    text.split("||").map(|alternative| bounds(scheme, alternative.trim())).collect()
}

fn bounds(scheme: Scheme, text: &str) -> Result<Vec<Bound>, String> {
    if let Some((low, high)) = text.split_once(" - ") {
        let (low, high) = (Partial::of(low.trim())?, Partial::of(high.trim())?);
        let high = match high.upper() {
            Some(upper) => Some(Bound::new(Sign::Less, upper)),
            None if high.numbers.is_empty() => None,
            None => Some(Bound::new(Sign::AtMost, high.full())),
        };
        let lower = low.full() + if low.pre.is_empty() { "-0" } else { "" };
        return Ok([Bound::new(Sign::AtLeast, lower)].into_iter().chain(high).collect());
    }
    let mut all = Vec::new();
    for part in conjunction(text) {
        all.extend(bound(scheme, &part)?);
    }
    Ok(all)
}

fn bound(scheme: Scheme, text: &str) -> Result<Vec<Bound>, String> {
    if let Some(rest) = text.strip_prefix('^') {
        return Ok(Partial::of(rest)?.between(Partial::caret));
    }
    if let Some(rest) = text.strip_prefix("~>").or_else(|| text.strip_prefix('~')) {
        return Ok(Partial::of(rest)?.between(Partial::tilde));
    }
    let (sign, version) = sign(text);
    let version = Partial::of(version)?;
    Ok(match (sign, version.upper()) {
        (None, _) if scheme == Scheme::Cargo && !version.is_wild => version.between(Partial::caret),
        // `*`, and any sign before it.
        (_, None) if version.numbers.is_empty() => Vec::new(),
        (None | Some(Sign::Equal), Some(_)) => version.between(Partial::upper),
        (Some(Sign::Greater), Some(upper)) => vec![Bound::new(Sign::AtLeast, upper)],
        (Some(Sign::AtMost), Some(upper)) => vec![Bound::new(Sign::Less, upper)],
        (Some(Sign::Less), Some(_)) => vec![Bound::new(Sign::Less, version.full() + "-0")],
        (Some(Sign::AtLeast), _) => vec![Bound::new(Sign::AtLeast, version.lower())],
        (sign, _) => vec![Bound::new(sign.unwrap_or(Sign::Equal), version.full())],
    })
}

/// A version of which parts may be left out or be `x`.
struct Partial<'v> {
    numbers: Vec<u64>,
    /// A pre-release, with its hyphen.
    pre: &'v str,
    is_wild: bool,
}

impl<'v> Partial<'v> {
    fn of(text: &'v str) -> Result<Self, String> {
        let plain = text.trim_start().trim_start_matches(['v', '=']);
        let plain = plain.split('+').next().unwrap_or_default();
        let (numbers, pre) = plain.split_at_checked(plain.find('-').unwrap_or(plain.len())).unwrap_or((plain, ""));
        let (mut known, mut is_wild) = (Vec::new(), plain.is_empty());
        for part in numbers.split('.') {
            match part {
                "x" | "X" | "*" | "" => is_wild = true,
                _ if is_wild => {}
                digits => known.push(digits.parse().map_err(|_| text.to_owned())?),
            }
        }
        Ok(Self { numbers: known, pre: if is_wild { "" } else { pre }, is_wild })
    }

    fn number(&self, at: usize) -> u64 {
        self.numbers.get(at).copied().unwrap_or_default()
    }

    fn full(&self) -> String {
        let more: String = self.numbers.iter().skip(3).map(|number| format!(".{number}")).collect();
        format!("{}.{}.{}{more}{}", self.number(0), self.number(1), self.number(2), self.pre)
    }

    fn between(&self, upper: impl Fn(&Self) -> Option<String>) -> Vec<Bound> {
        if self.numbers.is_empty() {
            return Vec::new();
        }
        let high = upper(self).map(|upper| Bound::new(Sign::Less, upper));
        [Bound::new(Sign::AtLeast, self.lower())].into_iter().chain(high).collect()
    }

    /// A version with parts left out stands for its pre-releases too.
    fn lower(&self) -> String {
        self.full() + if self.numbers.len() < 3 { "-0" } else { "" }
    }

    /// The first version behind all that have this one's numbers up to `at`.
    fn behind(&self, at: usize) -> Option<String> {
        let next = self.number(at).checked_add(1)?;
        Some(match at {
            0 => format!("{next}.0.0-0"),
            1 => format!("{}.{next}.0-0", self.number(0)),
            _ => format!("{}.{}.{next}-0", self.number(0), self.number(1)),
        })
    }

    /// Behind what a version with parts left out stands for; none where it stands for itself or for all.
    fn upper(&self) -> Option<String> {
        match self.numbers.len() {
            0 | 3.. => None,
            known => self.behind(known - 1),
        }
    }

    fn tilde(&self) -> Option<String> {
        self.behind(usize::from(self.numbers.len() > 1))
    }

    /// Behind all that do not change the first number that is not zero.
    fn caret(&self) -> Option<String> {
        let last = self.numbers.len().min(3) - usize::from(!self.numbers.is_empty());
        self.behind((0..last).find(|at| self.number(*at) > 0).unwrap_or(last))
    }
}
