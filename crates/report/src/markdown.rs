//! Markdown for pull requests and wikis: the matrix, what to fix first, the findings. Everything from an object stands in
//! code spans or is escaped, so that no name becomes a link, a picture, a mention or a table's end.

use std::io::{self, Write};

use rampart_model::baseline::PartState;
use rampart_model::{Layer, Phase};

use crate::Layout;
use crate::causes::{by_object, by_rule, title};
use crate::document::{ControlEntry, Report};
use crate::terminal::{glyph, words};
use crate::text::{count, visible};

mod frameworks;

pub(crate) fn write(report: &Report<'_>, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let score = report.score.map_or_else(|| "none".to_owned(), |score| format!("**{score}** of 100"));
    writeln!(out, "# Rampart: {}\n", code(&report.target))?;
    writeln!(
        out,
        "Score: {score}. {} of {}. {}: {}.\n",
        count(report.objects, "object"),
        count(report.kinds.len() as u64, "kind"),
        count(report.findings.len() as u64, "finding"),
        words(&report.counts())
    )?;
    matrix(report, out)?;
    causes(report, out)?;
    frameworks::write(report, out)?;
    namespaces(report, out)?;
    findings(report, layout, out)?;
    unseen(report, out)
}

fn matrix(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| Layer | Build | Operate |\n| --- | --- | --- |")?;
    for layer in Layer::ALL {
        let cell = |phase: Phase| -> String {
            let controls = report.controls.iter().filter(|entry| entry.layer == layer && entry.phase == phase);
            controls.map(control).collect::<Vec<_>>().join("<br>")
        };
        writeln!(out, "| {} | {} | {} |", layer.id(), cell(Phase::Build), cell(Phase::Operate))?;
    }
    writeln!(out)
}

fn control(entry: &ControlEntry) -> String {
    let score = entry.score.map(|score| format!(" {score}")).unwrap_or_default();
    let counts = if entry.counts.total() > 0 { format!(": {}", words(&entry.counts)) } else { String::new() };
    let seen = if entry.examined == 0 { "nothing examined".to_owned() } else { format!("seen {} %", entry.coverage) };
    format!("{} {} **{}**{score}{counts} ({seen})", glyph(entry.verdict), entry.id.title(), entry.verdict)
}

fn causes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let objects = by_object(report);
    if !objects.is_empty() {
        writeln!(out, "## Fix these first\n\n| Object | Clears | Severities |\n| --- | --- | --- |")?;
        for cause in objects.iter().take(10) {
            let subject = table_code(&cause.subject.to_string());
            writeln!(out, "| {subject} | {} | {} |", count(cause.counts.total(), "finding"), words(&cause.counts))?;
        }
        writeln!(out)?;
    }
    let rules = by_rule(report);
    if !rules.is_empty() {
        writeln!(out, "## By rule\n\n| Rule | Clears | In | Fix |\n| --- | --- | --- | --- |")?;
        for cause in rules.iter().take(10) {
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                table_code(cause.rule),
                count(cause.counts.total(), "finding"),
                count(cause.objects.len() as u64, "object"),
                cause.entry.map(|entry| prose(&entry.fix)).unwrap_or_default()
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn namespaces(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.namespaces.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Namespaces\n\n| Namespace | Complete | Without | Unknown |\n| --- | --- | --- | --- |")?;
    for entry in &report.namespaces {
        let score = entry.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score} %"));
        let (missing, unknown) = (entry.titles(PartState::Missing), entry.titles(PartState::Unknown));
        writeln!(out, "| {} | {score} | {} | {} |", table_code(&entry.name), missing.join(", "), unknown.join(", "))?;
    }
    writeln!(out)
}

/// Rows of the table of findings, unless all are asked for: comments on pull requests have a maximum length.
const ROWS: usize = 200;

fn findings(report: &Report<'_>, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let shown = layout.shown().max(ROWS);
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Findings\n\n| Severity | Problem | Object | Place | What |\n| --- | --- | --- | --- | --- |")?;
    for finding in report.findings.iter().take(shown) {
        let place = match &finding.location {
            Some(location) => format!("{}:{}", location.file, location.line),
            None => finding.path.to_string(),
        };
        writeln!(
            out,
            "| {} | {} ({}) | {} | {} | {} |",
            finding.severity,
            prose(title(report, finding)),
            table_code(&finding.rule),
            table_code(&finding.subject.to_string()),
            table_code(&place),
            prose(&finding.message)
        )?;
    }
    match report.findings.len().checked_sub(shown) {
        Some(rest) if rest > 0 => {
            writeln!(out, "\nAnd {} that the JSON report lists.\n", count(rest as u64, "finding"))
        }
        _ => writeln!(out),
    }
}

fn unseen(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !report.gaps.is_empty() {
        writeln!(out, "## Not seen\n")?;
        for gap in &report.gaps {
            writeln!(out, "- {}: {}", gap.control.title(), prose(&gap.sentence()))?;
        }
        writeln!(out)?;
    }
    if !report.waived.is_empty() {
        writeln!(out, "## Waived\n\n| Rule | Object | Until | Owner | Reason |\n| --- | --- | --- | --- | --- |")?;
        for entry in &report.waived {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                table_code(&entry.finding.rule),
                table_code(&entry.finding.subject.to_string()),
                prose(&entry.waiver.expires),
                prose(&entry.waiver.owner),
                prose(&entry.waiver.reason)
            )?;
        }
        writeln!(out)?;
    }
    if !report.diagnostics.is_empty() {
        writeln!(out, "## Trouble with the input\n")?;
        for diagnostic in &report.diagnostics {
            let kind = if diagnostic.lost { "lost" } else { "warning" };
            let place = match diagnostic.line {
                0 => diagnostic.source.to_string(),
                line => format!("{}:{line}", diagnostic.source),
            };
            writeln!(out, "- {kind}: {}: {}", code(&place), prose(&diagnostic.message))?;
        }
    }
    Ok(())
}

/// A code span; its fence is longer than any run of backticks inside.
pub(crate) fn code(text: &str) -> String {
    let shown = visible(text);
    if shown.trim().is_empty() {
        return String::new();
    }
    let longest = shown.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{shown}{space}{fence}")
}

/// A code span inside a table, where a bar ends the cell even in code.
pub(crate) fn table_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Running text with every character of Markdown's syntax escaped. Bare links and mentions need no syntax: an element in
/// their middle breaks them.
pub(crate) fn prose(text: &str) -> String {
    let visible = visible(text);
    let mut shown = String::with_capacity(visible.len());
    for (part, is_code) in code_parts(&visible) {
        if is_code {
            shown.push_str(&table_code(part));
            continue;
        }
        for character in part.chars() {
            match character {
                '<' => shown.push_str("&lt;"),
                '>' => shown.push_str("&gt;"),
                '&' => shown.push_str("&amp;"),
                '@' => shown.push_str("<span>@</span>"),
                '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|' | '~' | '$' => {
                    shown.push('\\');
                    shown.push(character);
                }
                _ => shown.push(character),
            }
        }
    }
    shown.replace("://", "<span>:</span>//").replace("www.", "www<span>.</span>")
}

/// Our own sentences put names in single backticks: these become code spans, the rest is prose.
fn code_parts(text: &str) -> Vec<(&str, bool)> {
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd backtick would turn the sentence inside out: then nothing is code.
    if pieces.len().is_multiple_of(2) {
        return vec![(text, false)];
    }
    pieces.into_iter().enumerate().map(|(position, piece)| (piece, position % 2 == 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_holds_any_text() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(table_code("a|b"), "`a\\|b`");
    }

    #[test]
    fn prose_keeps_code_and_escapes_the_rest() {
        assert_eq!(prose("set `a_b` to *x* [l](u)"), "set `a_b` to \\*x\\* \\[l\\]\\(u\\)");
        assert_eq!(prose("<b>|@me"), "&lt;b&gt;\\|<span>@</span>me");
        assert_eq!(prose("odd ` tick"), "odd \\` tick");
    }
}
