//! One JSON object a line, for pipes: findings first, then waived findings, gaps and diagnostics; `type` tells them apart.

use std::io::{self, Write};

use serde::Serialize;

use crate::causes::title;
use crate::document::Report;
use crate::json;

#[derive(Serialize)]
struct Line<'r, T> {
    r#type: &'static str,
    /// The rule's title, since a line must do without the rules' table.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'r str>,
    #[serde(flatten)]
    entry: &'r T,
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        line(&Line { r#type: "finding", title: Some(title(report, finding)), entry: finding }, out)?;
    }
    for waived in &report.waived {
        line(&Line { r#type: "waived", title: Some(title(report, &waived.finding)), entry: waived }, out)?;
    }
    for gap in &report.gaps {
        line(&Line { r#type: "gap", title: None, entry: gap }, out)?;
    }
    for diagnostic in &report.diagnostics {
        line(&Line { r#type: "diagnostic", title: None, entry: diagnostic }, out)?;
    }
    Ok(())
}

fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    json::line(value, out)?;
    out.write_all(b"\n")
}
