//! What the verdicts do not rest on: gaps, waived findings, and input that could not be read.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::Page;
use crate::document::{DiagnosticEntry, Report};
use crate::text::{count, visible};

/// Gaps and waivers shown; the JSON report has all.
const SHOWN: usize = 12;

/// Gaps with the same reason and remedy are one.
pub(super) fn gaps(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    if report.gaps.is_empty() {
        return Ok(());
    }
    let mut groups: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for gap in &report.gaps {
        groups.entry((&gap.remedy, &gap.reason)).or_default().insert(gap.control.title());
    }
    page.heading("Not seen", &count(report.gaps.len() as u64, "gap"))?;
    for ((remedy, reason), controls) in groups.iter().take(SHOWN) {
        let controls: Vec<_> = controls.iter().copied().collect();
        page.labelled("  ? ", &visible(&format!("{}: {reason}", controls.join(", "))))?;
        if !remedy.is_empty() {
            page.labelled("    ", &visible(remedy))?;
        }
    }
    rest(page, groups.len())
}

pub(super) fn waived(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    if report.waived.is_empty() {
        return Ok(());
    }
    page.heading("Waived", &count(report.waived.len() as u64, "finding"))?;
    for entry in report.waived.iter().take(SHOWN) {
        let (finding, waiver) = (&entry.finding, &entry.waiver);
        let text = format!("{} {} {}", finding.severity, finding.rule, finding.subject);
        page.labelled("  - ", &visible(&text))?;
        let text = format!("until {} by {}: {}", waiver.expires, waiver.owner, waiver.reason);
        page.labelled("    ", &visible(&text))?;
    }
    rest(page, report.waived.len())
}

/// What was lost comes first.
pub(super) fn diagnostics(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    let (lost, read): (Vec<_>, Vec<_>) = report.diagnostics.iter().partition(|diagnostic| diagnostic.lost);
    page.heading("Trouble with the input", &format!("{} not read", count(lost.len() as u64, "place")))?;
    for diagnostic in lost.iter().chain(&read).take(SHOWN) {
        let label = if diagnostic.lost { "  lost    " } else { "  warning " };
        page.labelled(label, &visible(&describe(diagnostic)))?;
    }
    rest(page, report.diagnostics.len())
}

fn describe(diagnostic: &DiagnosticEntry<'_>) -> String {
    match diagnostic.line {
        0 => format!("{}: {}", diagnostic.source, diagnostic.message),
        line => format!("{}:{line}:{}: {}", diagnostic.source, diagnostic.column, diagnostic.message),
    }
}

fn rest(page: &mut Page<'_>, all: usize) -> io::Result<()> {
    match all.checked_sub(SHOWN) {
        Some(more) if more > 0 => {
            let line = format!("    and {more} more, which `-f json` lists");
            writeln!(page.out, "{}", page.paint.dim(&line))
        }
        _ => Ok(()),
    }
}
