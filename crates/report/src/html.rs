//! One HTML file that needs nothing else: no request leaves it, and its policy forbids all but its own style and script
//! (named by their hashes). Everything from an object is text. The filter is a convenience: without script all is shown.

use std::io::{self, Write};

use rampart_model::baseline::PartState;
use rampart_model::{Control, Layer, Phase, Severity};

use crate::causes::{by_object, by_rule, title};
use crate::document::{ControlEntry, FindingEntry, Report};
use crate::terminal::{glyph, words};
use crate::text::count;
use crate::xml::escape;

mod frameworks;
mod hash;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    head(report, out)?;
    matrix(report, out)?;
    frameworks::trend(report, out)?;
    causes(report, out)?;
    frameworks::write(report, out)?;
    namespaces(report, out)?;
    findings(report, out)?;
    unseen(report, out)?;
    writeln!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn head(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let target = escape(&report.target);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Rampart: {target}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        hash::source(STYLE),
        hash::source(SCRIPT)
    )?;
    let score = report.score.map_or_else(|| "no score".to_owned(), |score| format!("score {score} of 100"));
    let made = report.generated.as_ref().map(|time| format!(", {}", escape(time))).unwrap_or_default();
    writeln!(
        out,
        "<header><h1>{target}</h1><p><strong>{score}</strong> · {} of {} · {}: {}</p><p class=\"dim\">Rampart {}{made}</p></header>\n<main>",
        count(report.objects, "object"),
        count(report.kinds.len() as u64, "kind"),
        count(report.findings.len() as u64, "finding"),
        words(&report.counts()),
        escape(&report.tool.version)
    )
}

fn matrix(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section><h2>Controls</h2><table class=\"matrix\"><thead><tr><th scope=\"col\">Layer</th>")?;
    for phase in Phase::ALL {
        writeln!(out, "<th scope=\"col\">{}</th>", phase.id())?;
    }
    writeln!(out, "</tr></thead><tbody>")?;
    for layer in Layer::ALL {
        writeln!(out, "<tr><th scope=\"row\">{}</th>", layer.id())?;
        for phase in Phase::ALL {
            writeln!(out, "<td><ul>")?;
            for entry in report.controls.iter().filter(|entry| entry.layer == layer && entry.phase == phase) {
                control(entry, out)?;
            }
            writeln!(out, "</ul></td>")?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table></section>")
}

fn control(entry: &ControlEntry, out: &mut dyn Write) -> io::Result<()> {
    let score = entry.score.map(|score| format!(" {score}")).unwrap_or_default();
    let seen = if entry.examined == 0 { "nothing examined".to_owned() } else { format!("seen {} %", entry.coverage) };
    let counts = if entry.counts.total() > 0 { format!("{}; ", words(&entry.counts)) } else { String::new() };
    writeln!(
        out,
        "<li class=\"{}\"><b>{} {}</b> {}{score}<br><span class=\"dim\">{counts}{seen}</span></li>",
        entry.verdict,
        glyph(entry.verdict),
        entry.id.title(),
        entry.verdict
    )
}

fn causes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let objects = by_object(report);
    if !objects.is_empty() {
        writeln!(
            out,
            "<section><h2>Fix these first</h2><table><thead><tr><th>Object</th><th>Clears</th><th>Severities</th></tr></thead><tbody>"
        )?;
        for cause in objects.iter().take(10) {
            writeln!(
                out,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escape(&cause.subject.to_string()),
                count(cause.counts.total(), "finding"),
                words(&cause.counts)
            )?;
        }
        writeln!(out, "</tbody></table></section>")?;
    }
    let rules = by_rule(report);
    if !rules.is_empty() {
        writeln!(
            out,
            "<section><h2>By rule</h2><table><thead><tr><th>Rule</th><th>Clears</th><th>In</th><th>Fix</th></tr></thead><tbody>"
        )?;
        for cause in rules.iter().take(10) {
            writeln!(
                out,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(cause.rule),
                count(cause.counts.total(), "finding"),
                count(cause.objects.len() as u64, "object"),
                cause.entry.map(|entry| escape(&entry.fix)).unwrap_or_default()
            )?;
        }
        writeln!(out, "</tbody></table></section>")?;
    }
    Ok(())
}

fn namespaces(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.namespaces.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section><h2>Namespaces</h2><table><thead><tr><th>Namespace</th><th>Complete</th><th>Without</th><th>Unknown</th></tr></thead><tbody>"
    )?;
    for entry in &report.namespaces {
        let score = entry.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score} %"));
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{score}</td><td>{}</td><td>{}</td></tr>",
            escape(&entry.name),
            entry.titles(PartState::Missing).join(", "),
            entry.titles(PartState::Unknown).join(", ")
        )?;
    }
    writeln!(out, "</tbody></table></section>")
}

fn findings(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section><h2>Findings</h2>")?;
    if report.findings.is_empty() {
        return writeln!(out, "<p>None.</p></section>");
    }
    writeln!(
        out,
        "<form id=\"filter\" hidden><label>Text <input id=\"text\" type=\"search\"></label> \
         <label>Severity <select id=\"severity\"><option value=\"\">all</option>"
    )?;
    for severity in Severity::ALL {
        writeln!(out, "<option>{severity}</option>")?;
    }
    writeln!(out, "</select></label> <label>Control <select id=\"control\"><option value=\"\">all</option>")?;
    for control in Control::ALL {
        writeln!(out, "<option value=\"{control}\">{}</option>", control.title())?;
    }
    writeln!(out, "</select></label> <output id=\"shown\"></output></form>")?;
    for finding in &report.findings {
        one(report, finding, out)?;
    }
    writeln!(out, "</section>")
}

fn one(report: &Report<'_>, finding: &FindingEntry<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<details class=\"finding\" id=\"f-{}\" data-severity=\"{2}\" data-control=\"{3}\"><summary><span class=\"tag {2}\">{2}</span> {1} \
         <code>{4}</code></summary>",
        escape(&finding.fingerprint),
        escape(title(report, finding)),
        finding.severity,
        finding.control,
        escape(&finding.subject.to_string())
    )?;
    writeln!(out, "<p>{}</p>", escape(&finding.message))?;
    if let Some(location) = &finding.location {
        writeln!(out, "<p><code>{}:{}:{}</code></p>", escape(&location.file), location.line, location.column)?;
    }
    if let Some(excerpt) = &finding.excerpt {
        writeln!(out, "<pre>{}</pre>", marked(finding, excerpt))?;
    }
    writeln!(out, "<dl><dt>Rule</dt><dd><code>{}</code></dd>", escape(&finding.rule))?;
    if !finding.path.is_empty() {
        writeln!(out, "<dt>Field</dt><dd><code>{}</code></dd>", escape(&finding.path))?;
    }
    if let Some(cause) = &finding.cause {
        writeln!(out, "<dt>To be changed in</dt><dd><code>{}</code></dd>", escape(&cause.to_string()))?;
    }
    if let Some(rule) = report.rules.get(&finding.rule) {
        writeln!(out, "<dt>Why</dt><dd>{}</dd><dt>Fix</dt><dd>{}</dd>", escape(&rule.why), escape(&rule.fix))?;
        let maps: Vec<_> = rule.maps_to.iter().map(|mapping| format!("{} {}", mapping.standard, mapping.id)).collect();
        if !maps.is_empty() {
            writeln!(out, "<dt>See</dt><dd>{}</dd>", escape(&maps.join(", ")))?;
        }
    }
    if !finding.remedies.is_empty() {
        writeln!(out, "<dt>Proposal</dt><dd><code>rampart fix --dry-run</code> shows a change that removes it</dd>")?;
    }
    writeln!(out, "</dl></details>")
}

/// The excerpt with the field marked.
fn marked(finding: &FindingEntry<'_>, excerpt: &str) -> String {
    let Some(location) = &finding.location else {
        return escape(excerpt);
    };
    let excerpt = excerpt.replace('\t', " ");
    let from = location.column.max(1) as usize - 1;
    let to = if location.end_line > location.line { usize::MAX } else { location.end_column.max(1) as usize - 1 };
    let part =
        |from: usize, to: usize| -> String { excerpt.chars().skip(from).take(to.saturating_sub(from)).collect() };
    let field = part(from, to);
    let rest = part(to.max(from), usize::MAX);
    if field.is_empty() {
        return escape(&excerpt);
    }
    format!("{}<mark>{}</mark>{}", escape(&part(0, from)), escape(&field), escape(&rest))
}

fn unseen(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !report.gaps.is_empty() {
        writeln!(
            out,
            "<section><h2>Not seen</h2><table><thead><tr><th>Control</th><th>Why</th><th>What to do</th></tr></thead><tbody>"
        )?;
        for gap in &report.gaps {
            writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                gap.control.title(),
                escape(&gap.reason),
                escape(&gap.remedy)
            )?;
        }
        writeln!(out, "</tbody></table></section>")?;
    }
    if !report.waived.is_empty() {
        writeln!(
            out,
            "<section><h2>Waived</h2><table><thead><tr><th>Severity</th><th>Rule</th><th>Object</th><th>Until</th><th>Owner</th><th>Reason</th></tr></thead><tbody>"
        )?;
        for entry in &report.waived {
            writeln!(
                out,
                "<tr><td>{}</td><td><code>{}</code></td><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                entry.finding.severity,
                escape(&entry.finding.rule),
                escape(&entry.finding.subject.to_string()),
                escape(&entry.waiver.expires),
                escape(&entry.waiver.owner),
                escape(&entry.waiver.reason)
            )?;
        }
        writeln!(out, "</tbody></table></section>")?;
    }
    if !report.diagnostics.is_empty() {
        writeln!(out, "<section><h2>Trouble with the input</h2><ul>")?;
        for diagnostic in &report.diagnostics {
            let kind = if diagnostic.lost { "lost" } else { "warning" };
            let line = if diagnostic.line > 0 { format!(":{}", diagnostic.line) } else { String::new() };
            let (source, message) = (escape(&diagnostic.source), escape(&diagnostic.message));
            writeln!(out, "<li>{kind}: <code>{source}{line}</code>: {message}</li>")?;
        }
        writeln!(out, "</ul></section>")?;
    }
    Ok(())
}
