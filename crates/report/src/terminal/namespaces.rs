//! How complete each namespace is.

use std::cmp::Reverse;
use std::io;

use rampart_model::baseline::{BaselinePart, PartState};

use super::Page;
use crate::document::{NamespaceEntry, Report};
use crate::text::{pad, shorten, visible};

const SHOWN: usize = 10;

/// The least complete come first; complete ones are only counted.
pub(super) fn write(page: &mut Page<'_>, report: &Report<'_>) -> io::Result<()> {
    let all = report.namespaces.len();
    if all == 0 {
        return Ok(());
    }
    let mut open: Vec<&NamespaceEntry<'_>> = report.namespaces.iter().filter(|entry| !entry.complete).collect();
    open.sort_by_key(|entry| (entry.score, Reverse(entry.titles(PartState::Missing).len())));
    page.heading("Namespaces", &format!("{} of {all} have the complete baseline", all - open.len()))?;
    let columns =
        open.iter().take(SHOWN).map(|entry| crate::text::width(&visible(&entry.name))).max().unwrap_or(0).min(24);
    for entry in open.iter().take(SHOWN) {
        let score = entry.score.map_or_else(|| "-".to_owned(), |score| score.to_string());
        let label = format!("  {}  {score:>3} %  ", pad(&shorten(&visible(&entry.name), columns), columns));
        let mut parts = Vec::new();
        if entry.titles(PartState::Missing).len() == BaselinePart::ALL.len() {
            page.labelled(&label, "none of the seven parts: quota, limits, Pod Security, default deny, own accounts")?;
            continue;
        }
        for (state, what) in [(PartState::Missing, "without"), (PartState::Unknown, "unknown:")] {
            let titles = entry.titles(state);
            if !titles.is_empty() {
                parts.push(format!("{what} {}", titles.join(", ")));
            }
        }
        page.labelled(&label, &parts.join("; "))?;
    }
    if let Some(rest @ 1..) = open.len().checked_sub(SHOWN) {
        let line = format!("  and {rest} more");
        writeln!(page.out, "{}", page.paint.dim(&line))?;
    }
    Ok(())
}
