//! Ranges of versions as each ecosystem writes them: `^1.2 || ~2`, `>=1,!=1.5.*`, `[1,2)`, `~> 1.2`.
//!
//! Every dialect becomes alternatives of bounds. What is in a range is decided by order alone: a pre-release that lies
//! between two bounds is in, though an installer might not choose it. To call a vulnerable pre-release safe is the worse
//! error.

mod caret;
mod composer;
mod gem;
mod interval;
mod pep440;
mod plain;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

use super::{Scheme, Unreadable, compare};

/// Longer texts are nobody's range.
const LONGEST: usize = 16 * 1024;

/// Versions from bounds: in one of the alternatives, of which all bounds must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    scheme: Scheme,
    alternatives: Vec<Vec<Bound>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    sign: Sign,
    version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Less,
    AtMost,
    Equal,
    NotEqual,
    Greater,
    AtLeast,
    /// Python's `==1.2.*`.
    Begins,
    /// Python's `!=1.2.*`.
    BeginsNot,
    /// Python's `===`: the same text.
    Text,
}

/// Why a text is no range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidRange {
    TooLong,
    /// The part that cannot be read.
    Part(String),
}

impl fmt::Display for InvalidRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("a range of versions is longer than 16 KiB"),
            Self::Part(part) => write!(f, "`{part}` is no range of versions"),
        }
    }
}

impl std::error::Error for InvalidRange {}

impl Range {
    /// Reads a range in the dialect of a scheme's ecosystem.
    ///
    /// # Errors
    /// The first part that the dialect does not have.
    pub fn parse(scheme: Scheme, text: &str) -> Result<Self, InvalidRange> {
        if text.len() > LONGEST {
            return Err(InvalidRange::TooLong);
        }
        let text = text.trim();
        let alternatives = match scheme {
            Scheme::Npm | Scheme::Cargo => caret::read(scheme, text),
            Scheme::Composer => composer::read(text),
            Scheme::RubyGems => gem::read(text),
            Scheme::Maven | Scheme::NuGet => interval::read(scheme, text),
            Scheme::Pep440 => pep440::read(text),
            _ => plain::read(text),
        };
        Ok(Self { scheme, alternatives: alternatives.map_err(|part| InvalidRange::Part(part.to_owned()))? })
    }

    /// # Errors
    /// The version, or one of the range, has no place in the scheme's order.
    pub fn contains(&self, version: &str) -> Result<bool, Unreadable> {
        for bounds in &self.alternatives {
            let mut holds = true;
            for bound in bounds {
                holds = holds && bound.holds(self.scheme, version)?;
            }
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Bound {
    fn new(sign: Sign, version: impl Into<String>) -> Self {
        Self { sign, version: version.into() }
    }

    fn holds(&self, scheme: Scheme, version: &str) -> Result<bool, Unreadable> {
        let order = match scheme {
            Scheme::Pep440 => return Ok(pep440::holds(self, version)),
            Scheme::Composer => compare(scheme, &composer::padded(version), &self.version)?,
            _ => compare(scheme, version, &self.version)?,
        };
        Ok(self.sign.allows(order))
    }
}

impl Sign {
    fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal | Self::Begins | Self::Text => order.is_eq(),
            Self::NotEqual | Self::BeginsNot => order.is_ne(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// Cuts a sign off a bound, where there is one.
fn sign(text: &str) -> (Option<Sign>, &str) {
    const SIGNS: [(&str, Sign); 8] = [
        (">=", Sign::AtLeast),
        ("<=", Sign::AtMost),
        ("!=", Sign::NotEqual),
        ("<>", Sign::NotEqual),
        ("==", Sign::Equal),
        ("=", Sign::Equal),
        (">", Sign::Greater),
        ("<", Sign::Less),
    ];
    let text = text.trim();
    SIGNS
        .iter()
        .find_map(|(written, sign)| Some((Some(*sign), text.strip_prefix(written)?.trim_start())))
        .unwrap_or((None, text))
}

/// Cuts a conjunction at commas and white space, a sign kept with its version though a space is between.
fn conjunction(text: &str) -> Vec<String> {
    let is_sign = |part: &str| !part.is_empty() && part.chars().all(|c| matches!(c, '<' | '>' | '=' | '!' | '~' | '^'));
    let mut parts: Vec<String> = Vec::new();
    for word in text.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()) {
        match parts.last_mut().filter(|last| is_sign(last)) {
            Some(sign) => sign.push_str(word),
            None => parts.push(word.to_owned()),
        }
    }
    parts
}
