//! Frameworks in Markdown: the counts, and a table of requirements for each that is wanted in full.

use std::io::{self, Write};

use super::{prose, table_code};
use crate::document::{AnswerEntry, FrameworkEntry, Report};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.frameworks.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "## Frameworks\n\n| Framework | Requirements | Pass | Fail | Unknown | Not assessable here |\n| --- | --- | --- | --- | --- | --- |"
    )?;
    for entry in &report.frameworks {
        writeln!(
            out,
            "| {} {} | {} | {} | {} | {} | {} |",
            prose(&entry.title),
            prose(&entry.version),
            entry.requirements,
            entry.pass,
            entry.fail,
            entry.unknown,
            entry.not_assessable
        )?;
    }
    writeln!(out)?;
    report.frameworks.iter().filter(|entry| !entry.items.is_empty()).try_for_each(|entry| one(entry, out))
}

fn one(entry: &FrameworkEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "### {} {}\n\n| Requirement | | Verdict | Answered by |\n| --- | --- | --- | --- |",
        prose(&entry.title),
        prose(&entry.version)
    )?;
    for item in &entry.items {
        let mut answers: Vec<String> = item.rules.iter().map(answer).collect();
        answers.extend(item.note.as_deref().map(prose));
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            prose(&item.id),
            prose(&item.title),
            item.verdict.words(),
            answers.join("<br>")
        )?;
    }
    writeln!(out)
}

fn answer(rule: &AnswerEntry<'_>) -> String {
    let open = if rule.open > 0 { format!(" ({} open)", rule.open) } else { String::new() };
    format!("{} {}{open}", table_code(&rule.id), rule.verdict.words())
}
