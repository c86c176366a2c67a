//! A difference for the terminal.

use std::io::{self, Write};

use super::{ControlChange, Diff, State};
use crate::Layout;
use crate::document::FindingEntry;
use crate::terminal::{Paint, glyph};
use crate::text::{count, pad, visible, wrap};

pub(super) fn write(diff: &Diff<'_>, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint { colour: layout.colour };
    let width = layout.width.clamp(80, 120);
    for (label, side) in [("before", &diff.before), ("after", &diff.after)] {
        let score = side.score.map_or_else(|| "no score".to_owned(), |score| format!("score {score}"));
        let time = side.generated.map(|time| format!(", {time}")).unwrap_or_default();
        let text = format!("{}{time}: {score}, {}", side.target, count(side.findings, "finding"));
        for (position, line) in wrap(&visible(&text), width - 8).iter().enumerate() {
            writeln!(out, "{}{line}", paint.dim(&pad(if position == 0 { label } else { "" }, 8)))?;
        }
    }
    writeln!(out, "\n{}", paint.bold(&summary(diff)))?;
    if !diff.controls.is_empty() {
        writeln!(out, "\n{}", paint.bold("Controls"))?;
        for change in &diff.controls {
            writeln!(out, "  {}", control(change))?;
        }
    }
    for (title, findings) in [
        ("New", &diff.new),
        ("No longer seen: the rule could not answer this time", &diff.unseen),
        ("Waived", &diff.waived),
        ("Fixed", &diff.fixed),
    ] {
        if findings.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", paint.bold(title))?;
        for finding in findings.iter().take(layout.shown()) {
            one(finding, paint, width, out)?;
        }
        if let Some(rest @ 1..) = findings.len().checked_sub(layout.shown()) {
            writeln!(out, "  and {rest} more, which `-f json` lists")?;
        }
    }
    Ok(())
}

/// `3 new, 5 fixed, 20 unchanged`.
pub(super) fn summary(diff: &Diff<'_>) -> String {
    let mut parts = vec![format!("{} new", diff.new.len()), format!("{} fixed", diff.fixed.len())];
    for (findings, what) in [(&diff.waived, "newly waived"), (&diff.unseen, "no longer seen")] {
        if !findings.is_empty() {
            parts.push(format!("{} {what}", findings.len()));
        }
    }
    parts.push(format!("{} unchanged", diff.unchanged));
    parts.join(", ")
}

fn control(change: &ControlChange) -> String {
    format!(
        "{} {} {} → {}",
        glyph(change.after.verdict),
        pad(change.id.title(), 17),
        state(&change.before),
        state(&change.after)
    )
}

pub(super) fn state(state: &State) -> String {
    let score = state.score.map(|score| format!(" {score}")).unwrap_or_default();
    format!("{}{score} (seen {} %)", state.verdict, state.coverage)
}

fn one(finding: &FindingEntry<'_>, paint: Paint, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let severity = pad(&finding.severity.id().to_uppercase(), 8);
    let place = finding
        .location
        .as_ref()
        .map(|location| format!(" at {}:{}", location.file, location.line))
        .unwrap_or_default();
    let text = format!("{} {}{place}: {}", finding.rule, finding.subject, finding.message);
    for (position, line) in wrap(&visible(&text), width - 12).iter().enumerate() {
        match position {
            0 => writeln!(out, "  {}  {line}", paint.severity(finding.severity, &severity))?,
            _ => writeln!(out, "            {line}")?,
        }
    }
    Ok(())
}
