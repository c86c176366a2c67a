//! Frameworks: the counts of each, and the requirements that do not pass.

use std::io;

use super::Page;
use crate::document::{FrameworkEntry, Report, RequirementEntry, Standing};
use crate::text::{count, visible};

/// Rules named behind one requirement.
const NAMED: usize = 3;

pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    report.frameworks.iter().try_for_each(|entry| one(page, entry))
}

fn one(page: &mut Page<'_>, entry: &FrameworkEntry<'_>) -> io::Result<()> {
    let counts = format!(
        "{} of {} requirements pass, {} fail, {} unknown, {} not assessable here",
        entry.pass, entry.requirements, entry.fail, entry.unknown, entry.not_assessable
    );
    page.heading(&format!("{} {}", visible(&entry.title), visible(&entry.version)), &counts)?;
    for standing in [Standing::Fail, Standing::Unknown] {
        let items: Vec<_> = entry.items.iter().filter(|item| item.verdict == standing).collect();
        for item in items.iter().take(page.limit) {
            requirement(page, item)?;
        }
        if let Some(rest @ 1..) = items.len().checked_sub(page.limit) {
            let line = format!("  and {rest} more {}", standing.words());
            writeln!(page.out, "{}", page.paint.dim(&line))?;
        }
    }
    Ok(())
}

fn requirement(page: &mut Page<'_>, item: &RequirementEntry<'_>) -> io::Result<()> {
    let guilty: Vec<_> = item.rules.iter().filter(|rule| rule.verdict == item.verdict).collect();
    let open: u64 = guilty.iter().map(|rule| rule.open).sum();
    let mut named: Vec<&str> = guilty.iter().take(NAMED).map(|rule| &*rule.id).collect();
    if guilty.len() > NAMED {
        named.push("..");
    }
    let open = if open > 0 { format!("{} of ", count(open, "finding")) } else { String::new() };
    let text = format!("{} {} ({open}{})", visible(&item.id), visible(&item.title), visible(&named.join(", ")));
    page.labelled(&format!("  {:<8} ", item.verdict.id()), &text)
}
