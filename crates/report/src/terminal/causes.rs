//! What to fix first: how much one change removes.

use std::io;

use super::{Page, letters};
use crate::causes::{by_object, by_rule};
use crate::document::Report;
use crate::text::{count, pad, shorten, visible, width};

const SHOWN: usize = 5;

/// `  1  rbac/wildcard-verb     clears 14 findings  in 9 objects`.
fn head(page: &mut Page<'_>, position: usize, name: &str, findings: u64, aside: &str) -> io::Result<()> {
    let columns = page.width.saturating_sub(48).min(44);
    let name = page.paint.bold(&pad(&shorten(&visible(name), columns), columns));
    let clears = format!("{:<19}", format!("clears {}", count(findings, "finding")));
    let rest = page.width.saturating_sub(columns + width(&clears) + 8);
    writeln!(page.out, " {:>2}  {name}  {clears} {}", position + 1, shorten(aside, rest))
}

pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let objects = by_object(report);
    if !objects.is_empty() {
        page.heading("Fix these first", "one object, many findings")?;
        for (position, cause) in objects.iter().take(SHOWN).enumerate() {
            let subject = cause.subject.to_string();
            head(page, position, &subject, cause.counts.total(), &letters(&cause.counts))?;
            let rules = count(cause.rules.len() as u64, "rule");
            let place = match cause.location {
                Some(location) => format!("{}:{}, {rules}", location.file, location.line),
                None => rules,
            };
            page.labelled("     ", &visible(&place))?;
        }
        more(page, objects.len(), "more objects with several findings")?;
    }
    let mut rules = by_rule(report);
    rules.retain(|cause| cause.objects.len() > 1);
    if !rules.is_empty() {
        page.heading("The same change in many objects", "one rule, many findings")?;
        for (position, cause) in rules.iter().take(SHOWN).enumerate() {
            let place = format!("in {}", count(cause.objects.len() as u64, "object"));
            head(page, position, cause.rule, cause.counts.total(), &place)?;
            if let Some(entry) = cause.entry {
                page.labelled("     ", &visible(&entry.fix))?;
            }
        }
        more(page, rules.len(), "more rules with several objects")?;
    }
    Ok(())
}

fn more(page: &mut Page<'_>, all: usize, what: &str) -> io::Result<()> {
    match all.checked_sub(SHOWN) {
        Some(rest) if rest > 0 => {
            let line = format!("     and {rest} {what}");
            writeln!(page.out, "{}", page.paint.dim(&line))
        }
        _ => Ok(()),
    }
}
