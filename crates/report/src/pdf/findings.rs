//! The full table of findings, and all that a reader must know beside it: gaps, waivers, trouble with the input.

use super::cover::colour;
use super::sheet::{Sheet, Style};
use super::table::{Cell, Column, Table};
use crate::causes::title;
use crate::document::{FindingEntry, Report};

pub(super) fn write(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    sheet.heading(1, &format!("All findings ({})", report.findings.len()));
    if report.findings.is_empty() {
        sheet.paragraph("None.", Style::plain(9.0));
        return;
    }
    let columns = [
        Column("Severity", 1.2),
        Column("Problem", 3.2),
        Column("Object and place", 3.8),
        Column("What was found", 4.2),
    ];
    let table = Table::begin(sheet, &columns);
    for finding in &report.findings {
        let cells = [
            Cell::bold(finding.severity.id()).coloured(colour(finding.severity)),
            Cell::plain(format!("{} ({})", title(report, finding), finding.rule)),
            Cell::plain(format!("{} {}", finding.subject, place(finding))),
            Cell::plain(&*finding.message),
        ];
        table.row(sheet, &cells);
    }
}

fn place(finding: &FindingEntry<'_>) -> String {
    match &finding.location {
        Some(location) => format!("at {}:{}", location.file, location.line),
        None => finding.path.to_string(),
    }
}

pub(super) fn unseen(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    gaps(report, sheet);
    waived(report, sheet);
    diagnostics(report, sheet);
}

fn gaps(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    if report.gaps.is_empty() {
        return;
    }
    sheet.heading(1, "Not seen");
    let table = Table::begin(sheet, &[Column("Control", 2.0), Column("Why", 5.0), Column("What to do", 4.0)]);
    for gap in &report.gaps {
        table.row(sheet, &[Cell::bold(gap.control.title()), Cell::plain(&*gap.reason), Cell::plain(&*gap.remedy)]);
    }
}

fn waived(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    if report.waived.is_empty() {
        return;
    }
    sheet.heading(1, &format!("Waived findings ({})", report.waived.len()));
    let columns = [
        Column("Severity", 1.2),
        Column("Rule", 2.6),
        Column("Object", 3.0),
        Column("Until", 1.4),
        Column("Owner", 1.6),
        Column("Reason", 3.4),
    ];
    let table = Table::begin(sheet, &columns);
    for entry in &report.waived {
        let cells = [
            Cell::bold(entry.finding.severity.id()).coloured(colour(entry.finding.severity)),
            Cell::plain(&*entry.finding.rule),
            Cell::plain(entry.finding.subject.to_string()),
            Cell::plain(&*entry.waiver.expires),
            Cell::plain(&*entry.waiver.owner),
            Cell::plain(&*entry.waiver.reason),
        ];
        table.row(sheet, &cells);
    }
}

fn diagnostics(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    if report.diagnostics.is_empty() {
        return;
    }
    sheet.heading(1, "Trouble with the input");
    let table = Table::begin(sheet, &[Column("", 1.0), Column("Where", 3.5), Column("What", 5.5)]);
    for diagnostic in &report.diagnostics {
        let line = if diagnostic.line > 0 { format!(":{}", diagnostic.line) } else { String::new() };
        let cells = [
            Cell::bold(if diagnostic.lost { "lost" } else { "warning" }),
            Cell::plain(format!("{}{line}", diagnostic.source)),
            Cell::plain(&*diagnostic.message),
        ];
        table.row(sheet, &cells);
    }
}
