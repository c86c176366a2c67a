//! What to fix first: how much one change removes.

use std::io;

use super::{Page, letters};
use crate::causes::{by_object, by_rule};
use crate::document::Report;
use crate::text::{count, pad, shorten, visible};

const SHOWN: usize = 5;

/// Columns of a name; what stands beside it needs the rest.
fn name(page: &Page<'_>, text: &str) -> String {
    let columns = page.width.saturating_sub(48).min(44);
    page.paint.bold(&pad(&shorten(&visible(text), columns), columns))
}

pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let objects = by_object(report);
    if !objects.is_empty() {
        page.heading("Fix these first", "one object, many findings")?;
        for (position, cause) in objects.iter().take(SHOWN).enumerate() {
            let subject = cause.subject.to_string();
            let clears = format!("clears {}", count(cause.counts.total(), "finding"));
            let name = name(page, &subject);
            writeln!(page.out, " {:>2}  {}  {clears:<19} {}", position + 1, name, letters(&cause.counts))?;
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
            let name = name(page, cause.rule);
            let clears = format!("clears {}", count(cause.counts.total(), "finding"));
            let place = count(cause.objects.len() as u64, "object");
            writeln!(page.out, " {:>2}  {}  {clears:<19} in {place}", position + 1, name)?;
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
