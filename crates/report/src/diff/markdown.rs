//! A difference for a pull request.

use std::io::{self, Write};

use super::Diff;
use super::terminal::{state, summary};
use crate::Layout;
use crate::markdown::{prose, table_code};
use crate::terminal::glyph;

pub(super) fn write(diff: &Diff<'_>, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Rampart: {}\n", summary(diff))?;
    writeln!(out, "| | Target | Score | Findings | Gaps |\n| --- | --- | --- | --- | --- |")?;
    for (label, side) in [("before", &diff.before), ("after", &diff.after)] {
        let score = side.score.map_or_else(|| "none".to_owned(), |score| score.to_string());
        let target = table_code(side.target);
        writeln!(out, "| {label} | {target} | {score} | {} | {} |", side.findings, side.gaps)?;
    }
    writeln!(out)?;
    if !diff.controls.is_empty() {
        writeln!(out, "## Controls\n\n| Control | Before | After |\n| --- | --- | --- |")?;
        for change in &diff.controls {
            let (before, after) = (state(&change.before), state(&change.after));
            writeln!(out, "| {} | {before} | {} {after} |", change.id.title(), glyph(change.after.verdict))?;
        }
        writeln!(out)?;
    }
    for (title, findings) in
        [("New", &diff.new), ("No longer seen", &diff.unseen), ("Waived", &diff.waived), ("Fixed", &diff.fixed)]
    {
        if findings.is_empty() {
            continue;
        }
        writeln!(out, "## {title}\n\n| Severity | Rule | Object | Place | What |\n| --- | --- | --- | --- | --- |")?;
        for finding in findings.iter().take(layout.shown()) {
            let place = match &finding.location {
                Some(location) => format!("{}:{}", location.file, location.line),
                None => finding.path.to_string(),
            };
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                finding.severity,
                table_code(&finding.rule),
                table_code(&finding.subject.to_string()),
                table_code(&place),
                prose(&finding.message)
            )?;
        }
        if let Some(rest @ 1..) = findings.len().checked_sub(layout.shown()) {
            writeln!(out, "\nAnd {rest} more, which the JSON form lists.")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
