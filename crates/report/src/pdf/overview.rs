//! How it stands as a whole: the matrix, the trend, what to fix first, and how complete namespaces are.

use rampart_model::baseline::PartState;
use rampart_model::{Layer, Phase, Verdict};

use super::sheet::{BRAND, Colour, DIM, FAIL, LEFT, LINE, Mark, PASS, RIGHT, SOFT, Sheet, Style, UNKNOWN};
use super::table::{Cell, Column, Table};
use crate::causes::{by_object, by_rule};
use crate::document::{ControlEntry, Report};
use crate::terminal::words;
use crate::text::count;
use crate::trend::sparkline;

/// Groups shown of each kind.
const SHOWN: usize = 10;
/// Points that a control takes in the matrix.
const BLOCK: f32 = 34.0;

pub(super) fn matrix(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    sheet.heading(1, "The matrix: three layers, two phases");
    let gap = 10.0;
    let width = (RIGHT - LEFT - gap) / 2.0;
    for layer in Layer::ALL {
        let cells = Phase::ALL.map(|phase| -> Vec<&ControlEntry> {
            report.controls.iter().filter(|entry| entry.layer == layer && entry.phase == phase).collect()
        });
        let tallest = u8::try_from(cells.iter().map(Vec::len).max().unwrap_or(0)).unwrap_or(u8::MAX);
        sheet.room(f32::from(tallest) * BLOCK + 30.0);
        let top = sheet.y + 6.0;
        for ((phase, entries), x) in Phase::ALL.into_iter().zip(&cells).zip([LEFT, LEFT + width + gap]) {
            let title = format!("{} · {}", layer.id(), phase.id());
            sheet.text_at(x, top + 10.0, Style::bold(9.0).coloured(BRAND), &title);
            let mut y = top + 18.0;
            for entry in entries {
                control(entry, x, y, width, sheet);
                y += BLOCK;
            }
        }
        sheet.y = top + 22.0 + f32::from(tallest) * BLOCK;
    }
}

fn control(entry: &ControlEntry, x: f32, y: f32, width: f32, sheet: &mut Sheet<'_>) {
    let colour = shade(entry.verdict);
    sheet.mark(Mark::Box { x, y, width: 3.0, height: BLOCK - 6.0, colour });
    sheet.mark(Mark::Box { x: x + 3.0, y, width: width - 3.0, height: BLOCK - 6.0, colour: SOFT });
    sheet.text_at(x + 10.0, y + 12.0, Style::bold(9.0), entry.id.title());
    let score = entry.score.map(|score| format!("  {score}")).unwrap_or_default();
    let verdict = format!("{}{score}", entry.verdict);
    let style = Style::bold(9.0).coloured(colour);
    let wide = sheet.faces.get(style.weight).width(&verdict, style.size);
    sheet.text_at(x + width - wide - 8.0, y + 12.0, style, &verdict);
    let seen = if entry.examined == 0 { "nothing examined".to_owned() } else { format!("seen {} %", entry.coverage) };
    let counts = if entry.counts.total() > 0 { format!("{}; ", words(&entry.counts)) } else { String::new() };
    let style = Style::plain(7.5).coloured(DIM);
    let line = sheet.first_line(&format!("{counts}{seen}"), style, width - 16.0);
    sheet.text_at(x + 10.0, y + 23.0, style, &line);
}

fn shade(verdict: Verdict) -> Colour {
    match verdict {
        Verdict::Pass => PASS,
        Verdict::Fail => FAIL,
        Verdict::Unknown => UNKNOWN,
    }
}

pub(super) fn trend(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    let (Some(first), Some(last)) = (report.trend.first(), report.trend.last()) else { return };
    sheet.heading(1, "Trend");
    let (height, width) = (90.0, RIGHT - LEFT);
    sheet.room(height + 40.0);
    let top = sheet.y + 4.0;
    for share in [0.0, 0.5, 1.0_f32] {
        let y = top + height * share;
        sheet.mark(Mark::Line { points: vec![(LEFT, y), (RIGHT, y)], width: 0.4, colour: LINE });
    }
    for line in sparkline(&report.trend, width, height) {
        let points = line.into_iter().map(|(x, y)| (LEFT + x, top + y)).collect();
        sheet.mark(Mark::Line { points, width: 1.6, colour: BRAND });
    }
    sheet.y = top + height + 6.0;
    let scored = |score: Option<u8>| score.map_or_else(|| "unknown".to_owned(), |score| score.to_string());
    let text = format!(
        "Score from 0 to 100, {} to {}: from {} to {}. Open findings: from {} to {}.",
        first.day,
        last.day,
        scored(first.score),
        scored(last.score),
        first.open,
        last.open
    );
    sheet.paragraph(&text, Style::plain(9.0).coloured(DIM));
    sheet.y += 6.0;
    let table = Table::begin(sheet, &[Column("Day", 2.0), Column("Score", 1.0), Column("Open findings", 1.0)]);
    for day in &report.trend {
        table.row(sheet, &[Cell::plain(&*day.day), Cell::plain(scored(day.score)), Cell::plain(day.open.to_string())]);
    }
}

pub(super) fn causes(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    let (objects, rules) = (by_object(report), by_rule(report));
    if objects.is_empty() && rules.is_empty() {
        return;
    }
    sheet.heading(1, "Top risks: what to fix first");
    if !objects.is_empty() {
        sheet.heading(2, "Objects whose change clears most");
        let table = Table::begin(sheet, &[Column("Object", 5.0), Column("Clears", 1.6), Column("Severities", 3.0)]);
        for cause in objects.iter().take(SHOWN) {
            let cells = [
                Cell::bold(cause.subject.to_string()),
                Cell::plain(count(cause.counts.total(), "finding")),
                Cell::plain(words(&cause.counts)),
            ];
            table.row(sheet, &cells);
        }
    }
    if !rules.is_empty() {
        sheet.heading(2, "Rules that fail most");
        let columns = [Column("Problem", 4.0), Column("Clears", 1.6), Column("In", 1.4), Column("Fix", 5.0)];
        let table = Table::begin(sheet, &columns);
        for cause in rules.iter().take(SHOWN) {
            let title = cause.entry.map_or(cause.rule, |entry| &*entry.title);
            let cells = [
                Cell::bold(format!("{title} ({})", cause.rule)),
                Cell::plain(count(cause.counts.total(), "finding")),
                Cell::plain(count(cause.objects.len() as u64, "object")),
                Cell::plain(cause.entry.map_or("", |entry| &*entry.fix)),
            ];
            table.row(sheet, &cells);
        }
    }
}

pub(super) fn namespaces(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    if report.namespaces.is_empty() {
        return;
    }
    sheet.heading(1, "Namespaces");
    let columns = [Column("Namespace", 3.0), Column("Complete", 1.4), Column("Without", 4.0), Column("Unknown", 3.0)];
    let table = Table::begin(sheet, &columns);
    for entry in &report.namespaces {
        let cells = [
            Cell::bold(&*entry.name),
            Cell::plain(entry.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score} %"))),
            Cell::plain(entry.titles(PartState::Missing).join(", ")),
            Cell::plain(entry.titles(PartState::Unknown).join(", ")),
        ];
        table.row(sheet, &cells);
    }
}
