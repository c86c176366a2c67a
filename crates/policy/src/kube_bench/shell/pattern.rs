//! Basic regular expressions, as `grep` and `sed` read them, put into the words of the library.

use regex::{Regex, RegexBuilder};

/// None where the pattern is none, or larger than we compile.
pub(super) fn compile(pattern: &str, extended: bool, fold: bool) -> Option<Regex> {
    let text = if extended { extended_text(pattern) } else { basic_text(pattern) };
    RegexBuilder::new(&text).case_insensitive(fold).size_limit(1 << 20).build().ok()
}

fn extended_text(pattern: &str) -> String {
    brackets(pattern, &mut |character, rest, text| match (character, rest) {
        ('\\', Some(next @ ('<' | '>'))) => {
            text.push_str(if next == '<' { "\\b{start}" } else { "\\b{end}" });
            true
        }
        ('\\', Some(next)) => {
            escape(next, text);
            true
        }
        (character, _) => {
            text.push(character);
            false
        }
    })
}

fn basic_text(pattern: &str) -> String {
    brackets(pattern, &mut |character, rest, text| match (character, rest) {
        ('\\', Some(next @ ('(' | ')' | '|' | '{' | '}' | '+' | '?'))) => {
            text.push(next);
            true
        }
        ('\\', Some(next @ ('<' | '>'))) => {
            text.push_str(if next == '<' { "\\b{start}" } else { "\\b{end}" });
            true
        }
        ('\\', Some(next)) => {
            escape(next, text);
            true
        }
        ('*', _) if is_start(text) => {
            text.push_str("\\*");
            false
        }
        ('^', _) if !is_start(text) => {
            text.push_str("\\^");
            false
        }
        ('(' | ')' | '{' | '}' | '+' | '?' | '|', _) => {
            text.push('\\');
            text.push(character);
            false
        }
        (character, _) => {
            text.push(character);
            false
        }
    })
}

/// Whether an expression starts behind this text: there a star and a hat mean something else.
fn is_start(text: &str) -> bool {
    match text.strip_suffix(['(', '|', '^']) {
        Some(before) => !before.ends_with('\\'),
        None => text.is_empty(),
    }
}

/// What stands behind a backslash: a class, or itself.
fn escape(character: char, text: &mut String) {
    match character {
        'w' | 'W' | 's' | 'S' | 'b' | 'B' => {
            text.push('\\');
            text.push(character);
        }
        _ => text.push_str(&regex::escape(&character.to_string())),
    }
}

/// Walks over the pattern; bracket expressions are copied, where a backslash means itself. `put` writes what stands
/// outside, and says whether it took the next character, too.
fn brackets(pattern: &str, put: &mut dyn FnMut(char, Option<char>, &mut String) -> bool) -> String {
    let mut text = String::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '[' {
            if put(character, characters.peek().copied(), &mut text) {
                characters.next();
            }
            continue;
        }
        text.push('[');
        if characters.next_if_eq(&'^').is_some() {
            text.push('^');
        }
        let mut is_first = true;
        while let Some(inside) = characters.next() {
            match inside {
                ']' if !is_first => break,
                '[' if characters.peek() == Some(&':') => {
                    text.push('[');
                    for part in characters.by_ref() {
                        text.push(part);
                        if part == ']' {
                            break;
                        }
                    }
                }
                '[' | ']' | '\\' | '&' | '~' => {
                    text.push('\\');
                    text.push(inside);
                }
                _ => text.push(inside),
            }
            is_first = false;
        }
        text.push(']');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn basic_expressions_swap_the_meaning_of_backslashes() {
        let cases = [
            (r"a\|b", "b", true),
            ("a|b", "b", false),
            (r"\(\w\+,\)*x", "ab,cd,x", true),
            ("a(b)", "a(b)", true),
            ("*a", "*a", true),
            (r"^service\s\+kubernetes\s", "service   kubernetes ", true),
            ("[^ ]*", "abc", true),
            ("a.c$", "xabc", true),
            (r#"\[\"\*\"\]"#, r#"["*"]"#, true),
        ];
        for (pattern, text, wanted) in cases {
            assert_eq!(compile(pattern, false, false).unwrap().is_match(text), wanted, "{pattern} {text}");
        }
        assert!(compile("a|b", true, false).unwrap().is_match("b"));
        assert!(compile("(", true, false).is_none());
    }
}
