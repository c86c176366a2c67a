//! Semantic versions as the API server reads them: strictly, or tolerant of `v`, missing parts and leading zeros.

use std::cmp::Ordering;

/// Bytes of a text beyond which it is no version.
const LONGEST: usize = 4096;

/// A semantic version. What stands behind `+` has no part in the order, nor in equality.
#[derive(Debug, Clone)]
pub struct Semver {
    pub major: u64,
    pub minor: u64,
    pub patch: u64,
    prerelease: Vec<Identifier>,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    /// Numbers go before words.
    Number(u64),
    Word(String),
}

impl Semver {
    /// Reads `1.2.3-beta.1+build`; none where the text is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (rest, build) = match text.split_once('+') {
            Some((rest, build)) => (rest, Some(build)),
            None => (text, None),
        };
        let (numbers, prerelease) = match rest.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (rest, None),
        };
        let mut parts = numbers.splitn(3, '.').map(number);
        let (major, minor, patch) = (parts.next()??, parts.next()??, parts.next()??);
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if build.is_some_and(|build| !build.split('.').all(is_word)) {
            return None;
        }
        let mut identifiers = Vec::new();
        for word in prerelease.into_iter().flat_map(|prerelease| prerelease.split('.')) {
            let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
            identifiers.push(match (is_number, is_word(word)) {
                (true, _) => Identifier::Number(number(word)?),
                (false, true) => Identifier::Word(word.to_owned()),
                (false, false) => return None,
            });
        }
        Some(Self { major, minor, patch, prerelease: identifiers, text: text.to_owned() })
    }

    /// Reads `v1`, `1.02` and the like too.
    pub fn parse_tolerantly(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts: Vec<String> = text.splitn(3, '.').map(without_zeros).collect();
        if parts.len() < 3 && parts.last().is_some_and(|last| last.contains(['+', '-'])) {
            return None;
        }
        parts.resize(3, "0".to_owned());
        Self::parse(&parts.join("."))
    }
}

fn number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_plain)
}

/// Without leading zeros, except one that no other digit follows.
fn without_zeros(part: &str) -> String {
    let rest = part.trim_start_matches('0');
    if part.len() < 2 || rest.starts_with(|first: char| first.is_ascii_digit()) {
        return if part.len() < 2 { part.to_owned() } else { rest.to_owned() };
    }
    format!("0{rest}")
}

impl PartialEq for Semver {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Semver {}

impl PartialOrd for Semver {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Semver {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        // A release goes behind all that led to it.
        let rank = |version: &Self| version.prerelease.is_empty();
        let order = numbers(self).cmp(&numbers(other)).then(rank(self).cmp(&rank(other)));
        order.then_with(|| self.prerelease.cmp(&other.prerelease))
    }
}

impl std::fmt::Display for Semver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
