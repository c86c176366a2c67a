//! Findings with their line of source and the field underlined.

use std::collections::BTreeSet;
use std::io;

use super::{Page, words};
use crate::causes::title;
use crate::document::{FindingEntry, LocationEntry, Report};
use crate::text::{char_width, count, push_visible, visible, width, wrap};

pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let all = report.findings.len();
    if all == 0 {
        return page.heading("No findings", "");
    }
    let shown = all.min(page.limit);
    let mut asides = Vec::new();
    if shown < all {
        asides.push(format!("{shown} of {all} shown"));
    }
    let fixable = report.findings.iter().filter(|finding| !finding.remedies.is_empty()).count();
    if fixable > 0 {
        asides.push(format!("`rampart fix --dry-run` proposes changes for {fixable}"));
    }
    let aside = asides.join("; ");
    page.heading(&format!("{}: {}", count(all as u64, "finding"), words(&report.counts())), &aside)?;
    let mut explained = BTreeSet::new();
    for finding in report.findings.iter().take(page.limit) {
        one(page, report, finding)?;
        // Reason and fix are the rule's: once is enough.
        if explained.insert(&finding.rule)
            && let Some(rule) = report.rules.get(&finding.rule)
        {
            page.labelled("  why   ", &visible(&rule.why))?;
            page.labelled("  fix   ", &visible(&rule.fix))?;
        }
    }
    if shown < all {
        writeln!(page.out)?;
        let rest = format!(
            "{} not shown: `-f json` and `-o html=report.html` have all",
            count((all - shown) as u64, "more finding")
        );
        page.labelled("", &rest)?;
    }
    Ok(())
}

fn one(page: &mut Page<'_>, report: &Report<'_>, finding: &FindingEntry<'_>) -> io::Result<()> {
    let severity = page.paint.severity(finding.severity, &finding.severity.id().to_uppercase());
    let title = page.paint.bold(&visible(title(report, finding)));
    writeln!(page.out, "\n{severity}  {title}  {}", page.paint.dim(&visible(&finding.rule)))?;
    let mut subject = finding.subject.to_string();
    if let Some(cause) = &finding.cause {
        subject.push_str(&format!(", to be changed in {cause}"));
    }
    page.labelled("  ", &visible(&subject))?;
    let message = visible(&finding.message);
    match (&finding.location, &finding.excerpt) {
        (Some(location), Some(excerpt)) => source(page, location, excerpt, &message)?,
        (Some(location), None) => {
            page.labelled("  --> ", &visible(&place(location)))?;
            page.labelled("  ", &message)?;
        }
        (None, _) => page.labelled("  ", &message)?,
    }
    if !finding.path.is_empty() {
        let value = match (&finding.value, &finding.excerpt) {
            // The excerpt already shows it.
            (_, Some(_)) | (None, _) => String::new(),
            (Some(value), None) => format!(" = {value}"),
        };
        page.labelled("  field ", &visible(&format!("{}{value}", finding.path)))?;
    }
    Ok(())
}

fn place(location: &LocationEntry<'_>) -> String {
    format!("{}:{}:{}", location.file, location.line, location.column)
}

/// ```text
///   --> deploy/cart.yaml:14:12
///    |
/// 14 |   verbs: ["*"]
///    |           ^^^ allows every verb
/// ```
fn source(page: &mut Page<'_>, location: &LocationEntry<'_>, excerpt: &str, message: &str) -> io::Result<()> {
    let number = location.line.to_string();
    let gutter = " ".repeat(number.len());
    page.labelled(&format!("  {gutter}--> "), &visible(&place(location)))?;
    let room = page.width.saturating_sub(number.len() + 5);
    let line = underline(location, excerpt, room);
    writeln!(page.out, "  {} {}", page.paint.dim(&format!("{number} |")), line.text)?;
    let carets = "^".repeat(line.carets);
    let used = line.indent + line.carets + 1;
    let bar = page.paint.dim(&format!("{gutter} |"));
    let mut lines = Vec::new();
    let beside = used + width(message) <= room;
    lines.push(format!(
        "{}{carets}{}",
        " ".repeat(line.indent),
        if beside { format!(" {message}") } else { String::new() }
    ));
    if !beside {
        lines.extend(wrap(message, room));
    }
    for line in lines {
        writeln!(page.out, "  {bar} {line}")?;
    }
    Ok(())
}

struct Underlined {
    text: String,
    indent: usize,
    carets: usize,
}

/// The excerpt in at most `room` columns, and where in it the field stands. What cannot be seen is written out, which
/// moves the columns; a long line is cut at its start so that the field stays in view.
fn underline(location: &LocationEntry<'_>, excerpt: &str, room: usize) -> Underlined {
    let (from, to) = (location.column.max(1) as usize - 1, location.end_column.max(1) as usize - 1);
    let mut cells: Vec<(String, usize, bool)> = Vec::new();
    for (position, character) in excerpt.trim_end().chars().enumerate() {
        let mut shown = String::new();
        match character {
            '\t' => shown.push_str("    "),
            _ => push_visible(&mut shown, character),
        }
        let wide = shown.chars().map(char_width).sum();
        let marked = position >= from && (location.end_line > location.line || position < to.max(from + 1));
        cells.push((shown, wide, marked));
    }
    let before: usize = cells.iter().take(from).map(|(_, wide, _)| wide).sum();
    // The field's start stays in the left half of the view.
    let mut skip = before.saturating_sub(room / 2);
    let all: usize = cells.iter().map(|(_, wide, _)| wide).sum();
    if all <= room {
        skip = 0;
    }
    let mut line = Underlined { text: String::new(), indent: 0, carets: 0 };
    let mut passed = 0;
    let mut used = 0;
    if skip > 0 {
        line.text.push('…');
        used = 1;
        line.indent = 1;
    }
    for (shown, wide, marked) in cells {
        passed += wide;
        if passed <= skip {
            continue;
        }
        if used + wide + 1 > room && passed < all {
            line.text.push('…');
            break;
        }
        line.text.push_str(&shown);
        used += wide;
        match (marked, line.carets) {
            (true, _) => line.carets += wide,
            (false, 0) => line.indent += wide,
            (false, _) => {}
        }
    }
    line.carets = line.carets.max(1);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(column: u32, end_column: u32) -> LocationEntry<'static> {
        LocationEntry { file: "a.yaml".into(), line: 3, column, end_line: 3, end_column, document: 0 }
    }

    fn show(location: &LocationEntry<'_>, excerpt: &str, room: usize) -> (String, String) {
        let line = underline(location, excerpt, room);
        (line.text, format!("{}{}", " ".repeat(line.indent), "^".repeat(line.carets)))
    }

    #[test]
    fn carets_stand_below_the_field() {
        assert_eq!(show(&at(3, 8), "  verbs: [a]", 80), ("  verbs: [a]".into(), "  ^^^^^".into()));
    }

    #[test]
    fn wide_and_unseen_characters_and_tabs_move_the_carets() {
        assert_eq!(show(&at(4, 5), "日本 x", 80), ("日本 x".into(), "     ^".into()));
        assert_eq!(show(&at(3, 4), "\u{1b}\tx", 80), ("\\u{1b}    x".into(), "          ^".into()));
    }

    #[test]
    fn a_long_line_is_cut_around_the_field() {
        let excerpt = format!("{}key: value{}", "a".repeat(100), "b".repeat(100));
        let (text, carets) = show(&at(101, 111), &excerpt, 40);
        assert!(width(&text) <= 40 && text.contains("key: value"), "{text}");
        assert_eq!(text.chars().position(|character| character == 'k'), carets.find('^'));
        assert!(carets.ends_with("^^^^^^^^^^") && !carets.contains("^^^^^^^^^^^"));
    }

    #[test]
    fn a_field_behind_the_cut_excerpt_still_gets_a_caret() {
        assert_eq!(show(&at(300, 310), "short", 40).1, "     ^");
    }
}
