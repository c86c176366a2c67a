//! The matrix: three layers, two phases, fifteen controls.

use std::io;

use rampart_model::{Layer, Phase};

use super::{Page, glyph, letters};
use crate::document::{ControlEntry, Report};
use crate::text::{pad, shorten, width};

/// From this width on, counts stand beside the verdict instead of below it.
const WIDE: usize = 112;

pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let column = (page.width - 2) / 2;
    writeln!(page.out)?;
    let head = format!("  {}{}", pad("BUILD", column), "OPERATE");
    writeln!(page.out, "{}", page.paint.dim(&head))?;
    for layer in Layer::ALL {
        writeln!(page.out, "{}", page.paint.bold(&layer.id().to_uppercase()))?;
        let of = |phase| -> Vec<&ControlEntry> {
            report.controls.iter().filter(|entry| entry.layer == layer && entry.phase == phase).collect()
        };
        let (build, operate) = (of(Phase::Build), of(Phase::Operate));
        for row in 0..build.len().max(operate.len()) {
            let cells = [build.get(row).copied(), operate.get(row).copied()];
            let lines = if page.width >= WIDE { 1 } else { 2 };
            for line in 0..lines {
                let mut text = String::from("  ");
                for (position, cell) in cells.iter().enumerate() {
                    let (plain, painted) = cell.map(|cell| show(page, cell, line, lines, column)).unwrap_or_default();
                    text.push_str(&painted);
                    if position == 0 {
                        text.push_str(&" ".repeat(column.saturating_sub(width(&plain))));
                    }
                }
                let text = text.trim_end();
                if !text.is_empty() {
                    writeln!(page.out, "{text}")?;
                }
            }
        }
    }
    let legend = "C critical, H high, M medium, L low, I info; seen: the share of a control's rules that could answer";
    for line in crate::text::wrap(legend, page.width) {
        writeln!(page.out, "{}", page.paint.dim(&line))?;
    }
    Ok(())
}

/// One line of a cell: plain for its width, and painted.
fn show(page: &Page<'_>, cell: &ControlEntry, line: usize, lines: usize, column: usize) -> (String, String) {
    let seen = match cell.examined {
        0 => "nothing examined".to_owned(),
        _ => format!("seen {} %", cell.coverage),
    };
    let counts = letters(&cell.counts);
    let below = if counts.is_empty() { seen } else { format!("{counts}  {seen}") };
    if line == 1 {
        let text = shorten(&format!("  {below}"), column.saturating_sub(1)).into_owned();
        let painted = page.paint.dim(&text);
        return (text, painted);
    }
    let score = cell.score.map_or_else(|| "-".to_owned(), |score| score.to_string());
    let name = format!("{} {}", glyph(cell.verdict), pad(cell.id.title(), 17));
    let verdict = format!("{:<7}", cell.verdict.id());
    let rest = match lines {
        1 => shorten(&format!(" {score:>4}  {below}"), column.saturating_sub(29)).into_owned(),
        _ => format!(" {score:>4}"),
    };
    let plain = format!("{name} {verdict}{rest}");
    let painted = format!("{name} {}{rest}", page.paint.verdict(cell.verdict, &verdict));
    (plain, painted)
}
