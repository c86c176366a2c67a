//! Kyverno's wildcard: `*` is any run of bytes, `?` one byte; `*` crosses slashes, there are no classes and no escapes.

/// Whether `text` is one of those that `pattern` describes. Never exponential: only the last star is tried again.
pub fn matches(pattern: &str, text: &str) -> bool {
    matches_bytes(pattern.as_bytes(), text.as_bytes())
}

/// Whether the text means more than itself.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

fn matches_bytes(mut pattern: &[u8], mut text: &[u8]) -> bool {
    // Where to go on when a match fails: behind the last star, one byte further in the text.
    let mut resume: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern, text) {
            ([b'*', rest @ ..], _) => {
                resume = Some((rest, text));
                pattern = rest;
            }
            ([b'?', pattern_rest @ ..], [_, text_rest @ ..]) => (pattern, text) = (pattern_rest, text_rest),
            ([wanted, pattern_rest @ ..], [found, text_rest @ ..]) if wanted == found => {
                (pattern, text) = (pattern_rest, text_rest);
            }
            ([], []) => return true,
            _ => match resume {
                Some((behind, [_, further @ ..])) => {
                    resume = Some((behind, further));
                    (pattern, text) = (behind, further);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wildcards_match_runs_and_single_bytes() {
        for (pattern, text) in
            [("*", ""), ("a*c", "abbc"), ("a?c", "abc"), ("*.io/*:?*", "ghcr.io/a/b:1"), ("a*b*c", "aXbYbZc")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a?", "a"), ("a*c", "abd"), ("?", ""), ("*a", "ab")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
