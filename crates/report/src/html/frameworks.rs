//! Frameworks and the trend in HTML.

use std::io::{self, Write};

use crate::document::{FrameworkEntry, Report, RequirementEntry, TrendEntry};
use crate::text::count;
use crate::trend::sparkline;
use crate::xml::escape;

pub(super) fn trend(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (Some(first), Some(last)) = (report.trend.first(), report.trend.last()) else { return Ok(()) };
    writeln!(
        out,
        "<section><h2>Trend</h2><svg class=\"trend\" viewBox=\"0 0 600 100\" role=\"img\" aria-label=\"Score from {} to {}\">",
        escape(&first.day),
        escape(&last.day)
    )?;
    for line in sparkline(&report.trend, 600.0, 100.0) {
        let points: Vec<String> = line.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        writeln!(out, "<polyline points=\"{}\"/>", points.join(" "))?;
    }
    writeln!(
        out,
        "</svg><details><summary>As a table</summary><table><thead><tr><th>Day</th><th>Score</th><th>Open findings</th></tr></thead><tbody>"
    )?;
    for TrendEntry { day, score, open } in &report.trend {
        let score = score.map_or_else(|| "unknown".to_owned(), |score| score.to_string());
        writeln!(out, "<tr><td>{}</td><td>{score}</td><td>{open}</td></tr>", escape(day))?;
    }
    writeln!(out, "</tbody></table></details></section>")
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.frameworks.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section><h2>Frameworks</h2><table><thead><tr><th>Framework</th><th>Requirements</th><th>Pass</th><th>Fail</th>\
         <th>Unknown</th><th>Not assessable here</th></tr></thead><tbody>"
    )?;
    for entry in &report.frameworks {
        writeln!(
            out,
            "<tr><td>{} {}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&entry.title),
            escape(&entry.version),
            entry.requirements,
            entry.pass,
            entry.fail,
            entry.unknown,
            entry.not_assessable
        )?;
    }
    writeln!(out, "</tbody></table></section>")?;
    report.frameworks.iter().filter(|entry| !entry.items.is_empty()).try_for_each(|entry| one(entry, out))
}

fn one(entry: &FrameworkEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section><h2>{} {}</h2>", escape(&entry.title), escape(&entry.version))?;
    if !entry.source.is_empty() {
        writeln!(out, "<p class=\"dim\">{}</p>", escape(&entry.source))?;
    }
    writeln!(
        out,
        "<table class=\"framework\"><thead><tr><th>Requirement</th><th>Verdict</th><th>Answered by</th></tr></thead><tbody>"
    )?;
    entry.items.iter().try_for_each(|item| requirement(item, out))?;
    writeln!(out, "</tbody></table></section>")
}

fn requirement(item: &RequirementEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<tr><td><b>{}</b> {}</td><td><b class=\"{}\">{}</b></td><td>",
        escape(&item.id),
        escape(&item.title),
        item.verdict.id(),
        item.verdict.words()
    )?;
    if !item.rules.is_empty() {
        writeln!(out, "<ul>")?;
        for rule in &item.rules {
            let open = if rule.open > 0 { format!(", {}", count(rule.open, "finding")) } else { String::new() };
            let waived = if rule.waived > 0 { format!(", {} waived", rule.waived) } else { String::new() };
            writeln!(out, "<li><code>{}</code> {}{open}{waived}</li>", escape(&rule.id), rule.verdict.words())?;
        }
        writeln!(out, "</ul>")?;
    }
    if let Some(note) = &item.note {
        writeln!(out, "<p class=\"dim\">{}</p>", escape(note))?;
    }
    writeln!(out, "</td></tr>")
}
