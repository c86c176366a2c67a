//! The report for a terminal of 80 to 120 columns: the matrix first, then what to fix first, then each finding with its
//! line of source. All of it can be read without colour.

use std::io::{self, Write};

use rampart_model::Severity;
use rampart_model::evaluation::Verdict;

use crate::Layout;
use crate::document::{CountsEntry, Report};
use crate::text::{count, visible, width, wrap};

mod causes;
mod finding;
mod frameworks;
mod matrix;
mod namespaces;
mod paint;
mod unseen;

pub(crate) use paint::Paint;

/// A terminal report under way.
struct Page<'p> {
    out: &'p mut dyn Write,
    /// Columns to use.
    width: usize,
    limit: usize,
    paint: Paint,
}

pub(crate) fn write(report: &Report<'_>, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut page =
        Page { out, width: layout.width.clamp(80, 120), limit: layout.shown(), paint: Paint { colour: layout.colour } };
    head(&mut page, report)?;
    matrix::write(&mut page, report)?;
    causes::write(&mut page, report)?;
    frameworks::write(&mut page, report)?;
    namespaces::write(&mut page, report)?;
    finding::write(&mut page, report)?;
    unseen::gaps(&mut page, report)?;
    unseen::waived(&mut page, report)?;
    unseen::diagnostics(&mut page, report)
}

fn head(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let score = report.score.map_or_else(|| "no score".to_owned(), |score| format!("score {score} of 100"));
    let target = format!(
        "{}: {} of {}",
        visible(&report.target),
        count(report.objects, "object"),
        count(report.kinds.len() as u64, "kind")
    );
    let room = page.width.saturating_sub(width(&score) + 2);
    let lines = wrap(&target, room);
    let last = lines.len().saturating_sub(1);
    for (position, line) in lines.iter().enumerate() {
        let gap = " ".repeat(page.width.saturating_sub(width(line) + width(&score)));
        match position == last {
            true => writeln!(page.out, "{}{gap}{}", page.paint.bold(line), page.paint.bold(&score))?,
            false => writeln!(page.out, "{}", page.paint.bold(line))?,
        }
    }
    Ok(())
}

impl Page<'_> {
    fn heading(&mut self, title: &str, aside: &str) -> io::Result<()> {
        writeln!(self.out)?;
        if width(title) + width(aside) + 2 <= self.width {
            let aside = if aside.is_empty() { String::new() } else { format!("  {}", self.paint.dim(aside)) };
            return writeln!(self.out, "{}{aside}", self.paint.bold(title));
        }
        writeln!(self.out, "{}", self.paint.bold(title))?;
        for line in wrap(aside, self.width) {
            writeln!(self.out, "{}", self.paint.dim(&line))?;
        }
        Ok(())
    }

    /// `text` wrapped behind `label`, following lines indented below the text.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        let indent = width(label);
        for (position, line) in wrap(text, self.width.saturating_sub(indent)).iter().enumerate() {
            match position {
                0 => writeln!(self.out, "{}{line}", self.paint.dim(label))?,
                _ => writeln!(self.out, "{}{line}", " ".repeat(indent))?,
            }
        }
        Ok(())
    }
}

/// `C 2  H 14  L 3`; empty where there is nothing.
fn letters(counts: &CountsEntry) -> String {
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .zip(["C", "H", "M", "L", "I"])
        .filter(|(severity, _)| counts.get(*severity) > 0)
        .map(|(severity, letter)| format!("{letter} {}", counts.get(severity)))
        .collect();
    parts.join("  ")
}

/// `2 critical, 14 high`.
pub(crate) fn words(counts: &CountsEntry) -> String {
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| counts.get(*severity) > 0)
        .map(|severity| format!("{} {severity}", counts.get(severity)))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

pub(crate) fn glyph(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✗",
        Verdict::Unknown => "?",
    }
}
