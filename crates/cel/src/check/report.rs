//! Issues as the API server prints them: the place, the line, and a mark under it.

use std::fmt::Write as _;

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Byte offset in the source.
    pub offset: u32,
    pub message: String,
}

/// As many issues as are printed.
const MOST: usize = 100;

/// As long as a line is marked.
const LONGEST: usize = 16_384;

/// The issues of a source text, each with its line and a mark, in the order of the text.
pub fn report(source: &str, issues: &[Issue]) -> String {
    let mut sorted: Vec<&Issue> = issues.iter().collect();
    sorted.sort_by_key(|issue| issue.offset);
    let mut text = String::new();
    for (position, issue) in sorted.iter().take(MOST).enumerate() {
        if position > 0 {
            text.push('\n');
        }
        one(source, issue, &mut text);
    }
    if let Some(more) = sorted.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = write!(text, "\n{more} more errors were truncated");
    }
    text
}

fn one(source: &str, issue: &Issue, text: &mut String) {
    let offset = usize::try_from(issue.offset).unwrap_or(usize::MAX).min(source.len());
    let before = source.get(..offset).unwrap_or(source);
    let number = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = source.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let left = before.get(start..).unwrap_or_default();
    let column = left.chars().count();
    let _ = write!(text, "ERROR: <input>:{number}:{}: {}\n | ", column + 1, issue.message);
    text.extend(line.chars().map(|character| if character == '\t' { ' ' } else { character }));
    text.push_str("\n | ");
    // Wide characters get wide marks, so that the mark stands below what it marks.
    text.extend(left.chars().take(LONGEST).map(|character| if character.is_ascii() { '.' } else { '．' }));
    if column < LONGEST {
        let is_wide = line.get(left.len()..).and_then(|rest| rest.chars().next()).is_some_and(|next| !next.is_ascii());
        text.push(if is_wide { '＾' } else { '^' });
    }
}

#[cfg(test)]
mod tests {
    use super::{Issue, report};

    #[test]
    fn the_mark_stands_below_the_place_in_its_line() {
        let issue = |offset| Issue { offset, message: "m".to_owned() };
        assert_eq!(report("a +\n bcd", &[issue(5)]), "ERROR: <input>:2:2: m\n |  bcd\n | .^");
        assert_eq!(report("'ä' + b", &[issue(7)]), "ERROR: <input>:1:7: m\n | 'ä' + b\n | .．....^");
        assert_eq!(
            report("x + y", &[issue(4), issue(0)]),
            "ERROR: <input>:1:1: m\n | x + y\n | ^\nERROR: <input>:1:5: m\n | x + y\n | ....^"
        );
        assert_eq!(report("", &[issue(9)]), "ERROR: <input>:1:1: m\n | \n | ^");
    }
}
