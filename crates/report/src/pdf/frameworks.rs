//! Compliance frameworks: the counts of each, and every requirement of those that were asked for.

use super::sheet::{Colour, DIM, FAIL, PASS, Sheet, Style, UNKNOWN};
use super::table::{Cell, Column, Table};
use crate::document::{FrameworkEntry, Report, RequirementEntry, Standing};
use crate::text::count;

const LEGEND: &str = "A requirement fails where a rule fails, and is unknown where something could not be seen or nothing \
                      was there to be seen. It passes only where all was seen. What no rule answers is not assessable here.";

pub(super) fn write(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    if report.frameworks.is_empty() {
        return;
    }
    sheet.heading(1, "Compliance frameworks");
    let columns = [
        Column("Framework", 5.0),
        Column("Requirements", 1.8),
        Column("Pass", 1.0),
        Column("Fail", 1.0),
        Column("Unknown", 1.3),
        Column("Not assessable here", 2.2),
    ];
    let table = Table::begin(sheet, &columns);
    for entry in &report.frameworks {
        let numbers = [entry.requirements, entry.pass, entry.fail, entry.unknown, entry.not_assessable];
        let mut cells = vec![Cell::bold(format!("{} {}", entry.title, entry.version))];
        cells.extend(numbers.map(|number| Cell::plain(number.to_string())));
        table.row(sheet, &cells);
    }
    sheet.y += 6.0;
    sheet.paragraph(LEGEND, Style::plain(8.5).coloured(DIM));
    report.frameworks.iter().filter(|entry| !entry.items.is_empty()).for_each(|entry| one(entry, sheet));
}

fn one(entry: &FrameworkEntry<'_>, sheet: &mut Sheet<'_>) {
    sheet.heading(2, &format!("{} {}", entry.title, entry.version));
    if !entry.source.is_empty() {
        sheet.paragraph(&entry.source, Style::plain(8.5).coloured(DIM));
        sheet.y += 4.0;
    }
    let columns =
        [Column("Requirement", 2.2), Column("What it asks", 3.5), Column("Verdict", 2.3), Column("Answered by", 4.0)];
    let table = Table::begin(sheet, &columns);
    for item in &entry.items {
        let cells = [
            Cell::bold(&*item.id),
            Cell::plain(&*item.title),
            Cell::bold(item.verdict.words()).coloured(shade(item.verdict)),
            Cell::plain(answers(item)),
        ];
        table.row(sheet, &cells);
    }
}

/// The rules that decided, how many passed, and the note.
fn answers(item: &RequirementEntry<'_>) -> String {
    let undecided = item.rules.iter().filter(|rule| rule.verdict != Standing::Pass);
    let mut parts: Vec<String> = undecided
        .map(|rule| match rule.verdict {
            Standing::Fail => format!("{} ({} open)", rule.id, rule.open),
            verdict => format!("{} {}", rule.id, verdict.words()),
        })
        .collect();
    let passed = item.rules.len() - parts.len();
    if passed > 0 {
        parts.push(format!("pass: {}", count(passed as u64, "rule")));
    }
    let waived: u64 = item.rules.iter().map(|rule| rule.waived).sum();
    if waived > 0 {
        parts.push(format!("{} waived", count(waived, "finding")));
    }
    let text = parts.join(", ");
    match &item.note {
        Some(note) if text.is_empty() => note.to_string(),
        Some(note) => format!("{text}. {note}"),
        None => text,
    }
}

fn shade(standing: Standing) -> Colour {
    match standing {
        Standing::Pass => PASS,
        Standing::Fail => FAIL,
        Standing::Unknown => UNKNOWN,
        Standing::NotAssessable => DIM,
    }
}
