//! Regular expressions as Go has them, run by an engine of our own ecosystem: classes such as `\d` are ASCII, `[` and `{`
//! stand for themselves where they open nothing, and a pattern has a size, so that its use can be paid for.

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled pattern may take.
const SIZE: usize = 256 << 10;

/// The highest count of a repetition, as in Go.
const REPEAT: u64 = 1000;

#[derive(Debug, Clone)]
pub(in super::super) struct Pattern {
    pub regex: Regex,
    /// About how many positions a match can be at, at once.
    states: u64,
}

impl Pattern {
    /// # Errors
    /// The text is no pattern, or one too large.
    pub(in super::super) fn compile(text: &str) -> Result<Self, String> {
        let (translated, states) = translate(text);
        match RegexBuilder::new(&translated).size_limit(SIZE).build() {
            Ok(regex) if states <= 1 << 16 => Ok(Self { regex, states }),
            Ok(_) | Err(regex::Error::CompiledTooBig(_)) => {
                Err(format!("the regular expression `{text}` is too large"))
            }
            Err(_) => Err(format!("`{text}` is no regular expression")),
        }
    }

    /// The steps that matching a text of so many bytes may take, at worst.
    pub(in super::super) fn steps(&self, bytes: usize) -> u64 {
        (bytes as u64).saturating_mul(self.states) / 128
    }
}

/// The pattern in the other dialect, and about how many states it has.
fn translate(text: &str) -> (String, u64) {
    let mut out = String::with_capacity(text.len() + 16);
    let (mut states, mut factor): (u64, u64) = (1, 1);
    let mut in_class = false;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
        states += 1;
        match next {
            '\\' => rest = escape(rest, in_class, &mut out),
            '[' if in_class => match rest.starts_with(':').then(|| rest.find(":]")).flatten() {
                Some(end) => {
                    let (name, behind) = rest.split_at_checked(end + 2).unwrap_or((rest, ""));
                    out.extend(["[", name]);
                    rest = behind;
                }
                None => out.push_str("\\["),
            },
            '&' | '~' if in_class => out.extend(['\\', next]),
            '[' => {
                in_class = true;
                out.push('[');
                // A bracket that comes first stands for itself.
                for first in ["^", "]"] {
                    if let Some(behind) = rest.strip_prefix(first) {
                        out.push_str(if first == "]" { "\\]" } else { first });
                        rest = behind;
                    }
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '{' if !in_class => match repetition(rest) {
                Some((counts, count)) => {
                    factor = factor.saturating_mul(count.max(1));
                    out.extend(["{", counts, "}"]);
                    // Beyond what Go allows: made to fail.
                    if count > REPEAT {
                        factor = u64::MAX;
                    }
                    rest = rest.get(counts.len() + 1..).unwrap_or_default();
                }
                None => out.push_str("\\{"),
            },
            other => out.push(other),
        }
    }
    (out, states.saturating_mul(factor))
}

/// What stands behind a backslash.
fn escape<'t>(rest: &'t str, in_class: bool, out: &mut String) -> &'t str {
    let Some(next) = rest.chars().next() else {
        out.push('\\');
        return rest;
    };
    let behind = rest.get(next.len_utf8()..).unwrap_or_default();
    match next {
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' => out.push_str("[\\t\\n\\f\\r ]"),
        'S' => out.push_str("[^\\t\\n\\f\\r ]"),
        'b' if !in_class => out.push_str("(?-u:\\b)"),
        'B' if !in_class => out.push_str("(?-u:\\B)"),
        'Q' if !in_class => {
            let (quoted, behind) = behind.split_once("\\E").unwrap_or((behind, ""));
            out.push_str(&regex::escape(quoted));
            return behind;
        }
        other => out.extend(['\\', other]),
    }
    behind
}

/// The counts of `{2}`, `{2,}` or `{2,5}` behind the brace, and the highest one.
fn repetition(rest: &str) -> Option<(&str, u64)> {
    let (counts, _) = rest.split_once('}')?;
    let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(u64::MAX));
    if least.is_empty() {
        return None;
    }
    let least = number(least)?;
    Some((counts, if most.is_empty() { least } else { least.max(number(most)?) }))
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_mean_what_they_mean_in_go() {
        let is_match = |pattern: &str, text: &str| Pattern::compile(pattern).unwrap().regex.is_match(text);
        for (pattern, text) in [
            ("^[^[]+$", "abc"),
            ("^[[a]+$", "[a"),
            ("^a{,2}$", "a{,2}"),
            ("^{{x}}$", "{{x}}"),
            (r"^[\w-]+$", "a_1-b"),
            ("^[[:alpha:]_]+$", "ab_"),
            ("^[]a]+$", "]a"),
            (r"^\Qa.b\E$", "a.b"),
            ("^[&&~~]+$", "&~"),
            (r"\bfoo\b", "a foo b"),
            ("^a{2,3}$", "aaa"),
            ("^.$", "é"),
        ] {
            assert!(is_match(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [(r"^\d$", "٣"), (r"^\w$", "é"), ("^[^[]+$", "a[")] {
            assert!(!is_match(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_no_pattern_or_a_bomb_is_refused() {
        for text in ["(", "a{1001}", "((a{100}){100}){100}", "(?=a)", "*", "[", "\\"] {
            assert!(Pattern::compile(text).is_err(), "{text}");
        }
    }
}
