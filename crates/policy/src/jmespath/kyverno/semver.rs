//! Semantic versions against ranges such as `>=1.2.3 <2.0.0 || 3.x`.

use std::cmp::Ordering;

use super::super::eval::Machine;
use super::super::functions::Args;
use super::super::value::{Outcome, Val};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Version {
    core: [u64; 3],
    pre: Vec<Identifier>,
}

/// Numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

fn number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    if is_plain { text.parse().ok() } else { None }
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
        let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if build.is_some_and(|build| !build.split('.').all(is_word)) {
            return None;
        }
        let mut parts = core.split('.').map(number);
        let core = [parts.next()??, parts.next()??, parts.next()??];
        if parts.next().is_some() {
            return None;
        }
        let identifier = |word: &str| match word.bytes().all(|byte| byte.is_ascii_digit()) {
            _ if !is_word(word) => None,
            true => number(word).map(Identifier::Number),
            false => Some(Identifier::Word(word.to_owned())),
        };
        let pre = pre.map_or(Some(Vec::new()), |pre| pre.split('.').map(identifier).collect())?;
        Some(Self { core, pre })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let pre = || match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.pre.cmp(&other.pre),
        };
        self.core.cmp(&other.core).then_with(pre)
    }
}

/// One condition, as two bounds at most: operator and version.
type Conditions = Vec<(&'static str, Version)>;

const OPERATORS: [(&str, &str); 8] =
    [(">=", ">="), ("<=", "<="), ("==", "="), ("!=", "!="), (">", ">"), ("<", "<"), ("=", "="), ("!", "!=")];

fn conditions(text: &str) -> Option<Conditions> {
    let found = OPERATORS.iter().find_map(|(sign, meaning)| Some((*meaning, text.strip_prefix(sign)?)));
    let (operator, version) = found.unwrap_or(("=", text));
    if !version.contains('x') {
        return Some(vec![(operator, Version::parse(version)?)]);
    }
    let (low, high) = wildcard(version)?;
    Some(match operator {
        ">" => vec![(">=", high)],
        ">=" => vec![(">=", low)],
        "<" => vec![("<", low)],
        "<=" => vec![("<", high)],
        "=" => vec![(">=", low), ("<", high)],
        // Both at once, so that nothing matches: the library that Kyverno uses has it so.
        _ => vec![("<", low), (">=", high)],
    })
}

/// `1.x` and `1.2.x`: the first version that it covers, and the first one above.
fn wildcard(text: &str) -> Option<(Version, Version)> {
    let parts: Vec<&str> = text.split('.').collect();
    let (mut low, mut high) = ([0; 3], [0; 3]);
    let fixed = parts.iter().position(|part| *part == "x")?;
    if fixed == 0 || parts.len() > 3 || parts.iter().skip(fixed).any(|part| *part != "x") {
        return None;
    }
    for ((low, high), part) in low.iter_mut().zip(&mut high).zip(parts.iter().take(fixed)) {
        (*low, *high) = (number(part)?, number(part)?);
    }
    let last = high.get_mut(fixed - 1)?;
    *last = last.checked_add(1)?;
    Some((Version { core: low, pre: Vec::new() }, Version { core: high, pre: Vec::new() }))
}

/// Alternatives, each of conditions that must all hold.
fn range(text: &str) -> Option<Vec<Conditions>> {
    text.split("||")
        .map(|alternative| {
            // An operator may stand apart from its version.
            let mut joined: Vec<String> = Vec::new();
            for part in alternative.split_whitespace() {
                match joined.last_mut() {
                    Some(last) if last.bytes().all(|byte| b"<>=!".contains(&byte)) => last.push_str(part),
                    _ => joined.push(part.to_owned()),
                }
            }
            if joined.is_empty() {
                return None;
            }
            let conditions: Option<Vec<Conditions>> = joined.iter().map(|part| conditions(part)).collect();
            Some(conditions?.into_iter().flatten().collect())
        })
        .collect()
}

fn holds((operator, bound): &(&'static str, Version), version: &Version) -> bool {
    let ordering = version.compare(bound);
    match *operator {
        ">" => ordering.is_gt(),
        ">=" => ordering.is_ge(),
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        "!=" => ordering.is_ne(),
        _ => ordering.is_eq(),
    }
}

pub(super) fn semver_compare<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (version, wanted) = (args.text(0)?, args.text(1)?);
    machine.pay(1 + (version.len() + wanted.len()) as u64)?;
    // What is no version counts as 0.0.0, as in Kyverno.
    let version = Version::parse(version).unwrap_or_default();
    let Some(range) = range(wanted) else { return args.failed(format!("`{}` is no range of versions", &**wanted)) };
    Ok(Val::Bool(range.iter().any(|conditions| conditions.iter().all(|condition| holds(condition, &version)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(version: &str, wanted: &str) -> bool {
        let version = Version::parse(version).unwrap();
        range(wanted).unwrap().iter().any(|all| all.iter().all(|condition| holds(condition, &version)))
    }

    #[test]
    fn versions_are_held_against_ranges() {
        for (version, wanted) in [
            ("4.1.3", ">=4.1.3"),
            ("4.1.3", "4.1.x"),
            ("1.2.3", ">1.0.0 <2.0.0"),
            ("1.2.3", "> 1.0.0 < 2.0.0 || >3.0.0"),
            ("3.0.1", "<1.0.0 || >3.0.0"),
            ("1.0.0-rc.2", ">1.0.0-rc.1"),
            ("1.0.0", ">1.0.0-rc.1"),
            ("1.9.0", "!=2.0.0"),
            ("1.9.0", "1.x"),
        ] {
            assert!(matches(version, wanted), "{version} {wanted}");
        }
        for (version, wanted) in [("4.1.3", "!4.1.3"), ("2.0.0", "1.x"), ("1.0.0", ">=1.0.1"), ("1.0.0-1", "1.0.0")] {
            assert!(!matches(version, wanted), "{version} {wanted}");
        }
        for wrong in ["", "1.2", ">=", "x", "1.x.3", "01.0.0"] {
            assert!(range(wrong).is_none(), "{wrong}");
        }
    }
}
