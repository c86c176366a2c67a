//! Every presentation of an evaluation: for people (terminal, HTML, PDF, Markdown), for machines (JSON, NDJSON, YAML, CSV)
//! and for the tools of others (SARIF, JUnit, GitLab, PolicyReport, OpenReports, OSCAL).
//!
//! All formats render one value, [`Report`], the document that `--format json` writes: so a report that was read back
//! can be shown in any other format. Nothing here reads a clock, a file or the environment, and the same report gives the
//! same bytes. Names come from untrusted objects: each format escapes them by its own rules, and what cannot be seen is
//! written out.

#![forbid(unsafe_code)]

pub mod baseline;
pub mod diff;
pub mod document;
pub mod explain;
pub mod framework;

mod causes;
pub mod csv;
mod format;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod oscal;
mod pdf;
mod policy_report;
mod sarif;
mod terminal;
mod text;
mod tree;
mod trend;
mod xml;
mod yaml;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use rampart_model::{Evaluation, Rule};

pub use baseline::Baseline;
pub use diff::Diff;
pub use document::Report;
use document::Streamed;
pub use format::Format;
pub use framework::Framework;
pub use tree::Tree;

/// What the caller knows and an evaluation does not.
#[derive(Debug, Clone)]
pub struct ReportContext<'a> {
    /// The version of the program.
    pub version: &'a str,
    /// When the report was made, in RFC 3339; none for reports that must not change with time.
    pub generated: Option<&'a str>,
    /// The rules that may have been asked; their titles, reasons and fixes stand in the report.
    pub rules: &'a [&'static Rule],
    pub layout: Layout,
}

/// How text for people is laid out; other formats do not look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Columns of the terminal; 80 to 120 are used.
    pub width: usize,
    pub colour: bool,
    /// Findings printed in full in the terminal, 0 for all; the rest is counted.
    pub limit: usize,
}

impl Layout {
    pub(crate) fn shown(&self) -> usize {
        if self.limit == 0 { usize::MAX } else { self.limit }
    }
}

impl Default for Layout {
    fn default() -> Self {
        Self { width: 100, colour: false, limit: 20 }
    }
}

/// Writes an evaluation in a format. `out` should be buffered.
pub fn write(
    evaluation: &Evaluation,
    context: &ReportContext<'_>,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Json => json::pretty(&Report::around(evaluation, context, Streamed(&evaluation.findings)), out),
        _ => write_report(&Report::of(evaluation, context), &context.layout, format, out),
    }
}

/// Writes a report, perhaps one that was read back, in a format. `out` should be buffered.
pub fn write_report(report: &Report<'_>, layout: &Layout, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::write(report, layout, out),
        Format::Json => json::write(report, out),
        Format::Ndjson => ndjson::write(report, out),
        Format::Yaml => yaml::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Csv => csv::write(report, out),
        Format::Markdown => markdown::write(report, layout, out),
        Format::Html => html::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::PolicyReport => policy_report::write(report, policy_report::POLICY_REPORT, out),
        Format::OpenReports => policy_report::write(report, policy_report::OPEN_REPORTS, out),
        Format::Oscal => oscal::write(report, out),
        Format::Pdf => pdf::write(report, out),
    }
}

/// An evaluation in a format, as text; empty for formats that are no text.
pub fn render(evaluation: &Evaluation, context: &ReportContext<'_>, format: Format) -> String {
    render_report(&Report::of(evaluation, context), &context.layout, format)
}

/// A report in a format, as text.
pub fn render_report(report: &Report<'_>, layout: &Layout, format: Format) -> String {
    in_memory(|out| write_report(report, layout, format, out))
}

/// What `write` writes, as text.
pub(crate) fn in_memory(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    // Memory does not refuse a write, and every format writes UTF-8.
    let _ = write(&mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}
