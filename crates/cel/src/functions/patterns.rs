//! Patterns as the API server writes them (RE2), in the words of the library that runs them here.
//!
//! Both run in linear time and have no look-around. They differ where RE2 means ASCII (`\d`, `\w`, `\s`, `\b`), in what is
//! literal (a brace that counts nothing, as in `{{name}}`; brackets and `&&` in a class), and in a few escapes.

use regex::Regex;

/// Patterns larger than this when compiled are refused.
const SIZE: usize = 1 << 20;
/// Brackets within brackets.
const NESTING: u32 = 100;
/// What RE2 repeats at most.
const REPEATED: u32 = 1000;

/// Compiles a pattern.
///
/// # Errors
/// The text is none, or too large when compiled.
pub(crate) fn pattern(text: &str) -> Result<Regex, String> {
    let wrong = || format!("`{text}` is no regular expression");
    let translated = translate(text).ok_or_else(wrong)?;
    regex::RegexBuilder::new(&translated).size_limit(SIZE).nest_limit(NESTING).build().map_err(|_| wrong())
}

fn translate(text: &str) -> Option<String> {
    let mut made = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let tail = rest.get(first.len_utf8()..)?;
        rest = match first {
            '\\' => escape(tail, false, &mut made)?,
            '[' => class(tail, &mut made)?,
            '{' => match repetition(tail) {
                Some((most, _)) if most > REPEATED => return None,
                Some((_, end)) => {
                    made.push('{');
                    made.push_str(tail.get(..end)?);
                    tail.get(end..)?
                }
                None => {
                    made.push_str("\\{");
                    tail
                }
            },
            other => {
                made.push(other);
                tail
            }
        };
    }
    Some(made)
}

/// The largest count of `3}`, `3,}` or `3,5}`, and where that ends.
fn repetition(text: &str) -> Option<(u32, usize)> {
    let end = text.find('}')?;
    let inside = text.get(..end)?;
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let is_count = |count: &str| !count.is_empty() && count.bytes().all(|digit| digit.is_ascii_digit());
    if !is_count(least) || !(most.is_empty() || is_count(most)) {
        return None;
    }
    let number = |count: &str| count.parse().unwrap_or(u32::MAX);
    Some((number(least).max(if most.is_empty() { 0 } else { number(most) }), end + 1))
}

/// What follows a backslash; gives the text behind it.
fn escape<'t>(text: &'t str, in_class: bool, made: &mut String) -> Option<&'t str> {
    let first = text.chars().next()?;
    let rest = text.get(first.len_utf8()..)?;
    match first {
        'd' => made.push_str("[0-9]"),
        'D' => made.push_str("[^0-9]"),
        'w' => made.push_str("[0-9A-Za-z_]"),
        'W' => made.push_str("[^0-9A-Za-z_]"),
        's' => made.push_str("[\\t\\n\\f\\r ]"),
        'S' => made.push_str("[^\\t\\n\\f\\r ]"),
        'b' if !in_class => made.push_str("(?-u:\\b)"),
        'B' if !in_class => made.push_str("(?-u:\\B)"),
        // Literal text up to `\E`.
        'Q' => {
            let (literal, rest) = rest.split_once("\\E").unwrap_or((rest, ""));
            made.push_str(&regex::escape(literal));
            return Some(rest);
        }
        '<' | '>' => made.push(first),
        'C' => return None,
        other => {
            made.push('\\');
            made.push(other);
        }
    }
    Some(rest)
}

/// A class, behind its opening bracket; gives the text behind it.
fn class<'t>(text: &'t str, made: &mut String) -> Option<&'t str> {
    made.push('[');
    let mut rest = text;
    if let Some(tail) = rest.strip_prefix('^') {
        made.push('^');
        rest = tail;
    }
    // A bracket that stands first does not close.
    if let Some(tail) = rest.strip_prefix(']') {
        made.push_str("\\]");
        rest = tail;
    }
    loop {
        let first = rest.chars().next()?;
        let tail = rest.get(first.len_utf8()..)?;
        rest = match first {
            ']' => {
                made.push(']');
                return Some(tail);
            }
            '\\' => escape(tail, true, made)?,
            '[' => match tail.strip_prefix(':').and_then(|name| name.split_once(":]")) {
                Some((name, rest)) => {
                    made.push_str("[:");
                    made.push_str(name);
                    made.push_str(":]");
                    rest
                }
                None => {
                    made.push_str("\\[");
                    tail
                }
            },
            '&' | '~' => {
                made.push('\\');
                made.push(first);
                tail
            }
            other => {
                made.push(other);
                tail
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    fn matches(wanted: &str, text: &str) -> bool {
        pattern(wanted).unwrap().is_match(text)
    }

    #[test]
    fn classes_mean_ascii() {
        assert!(matches(r"^\d+$", "12") && !matches(r"^\d+$", "١٢"));
        assert!(matches(r"^[\w.-]+$", "a_1.b-c") && !matches(r"^\w+$", "ä"));
        assert!(matches(r"^\W$", "ä") && matches(r"a\b", "aä"));
        assert!(matches(r"^[^\s]+$", "\u{a0}") && matches(r"^\s$", "\t"));
        assert!(matches("^[[:alpha:]]+$", "ab") && !matches("^[[:alpha:]]+$", "1"));
    }

    #[test]
    fn braces_that_count_nothing_are_literal() {
        assert!(matches(r"^{{.*}}$", "{{a}}") && matches("^a{,2}$", "a{,2}") && matches("^{$", "{"));
        assert!(matches("^a{2,}$", "aaa") && !matches("^a{2}$", "aaa") && matches("^a{0,2}$", "a"));
        assert!(pattern("a{1001}").is_err());
    }

    #[test]
    fn brackets_and_operators_in_a_class_are_literal() {
        assert!(
            matches("^[[]$", "[") && matches("^[]a]$", "]") && matches("^[a&&b]+$", "&b") && matches("^[^]]$", "a")
        );
        assert!(matches(r"^[\]\-]+$", "]-") && matches("^[a-c]$", "b") && matches("^[~~]$", "~"));
    }

    #[test]
    fn escapes_are_those_of_re2() {
        assert!(
            matches(r"^\Qa.b\E+$", "a.bb")
                && matches(r"\<a\>", "<a>")
                && matches(r"^\.$", ".")
                && matches(r"^\x41$", "A")
        );
        assert!(pattern(r"\C").is_err() && pattern("(").is_err() && pattern("[a").is_err() && pattern("a\\").is_err());
        assert!(pattern("(?=a)").is_err() && matches("(?i)^ab$", "AB") && matches("^(?P<n>a)$", "a"));
    }
}
