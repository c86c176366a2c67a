//! CSV as RFC 4180 has it, for spreadsheets: a row for each finding, waived ones too. A cell that a spreadsheet would take
//! for a formula gets an apostrophe before it.

use std::io::{self, Write};

use crate::causes::title;
use crate::document::{FindingEntry, Report, WaiverEntry};
use crate::text::visible;

const HEAD: &str = "status,severity,control,rule,title,apiVersion,kind,namespace,name,key,message,path,file,line,column,\
                    fix,fingerprint,waiverOwner,waiverExpires,waiverReason\r\n";

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    for finding in &report.findings {
        row(report, finding, None, out)?;
    }
    for waived in &report.waived {
        row(report, &waived.finding, Some(&waived.waiver), out)?;
    }
    Ok(())
}

fn row(
    report: &Report<'_>,
    finding: &FindingEntry<'_>,
    waiver: Option<&WaiverEntry<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let subject = &finding.subject;
    let (line, column) = match &finding.location {
        Some(location) => (location.line.to_string(), location.column.to_string()),
        None => (String::new(), String::new()),
    };
    let cells: [&str; 20] = [
        if waiver.is_some() { "waived" } else { "open" },
        finding.severity.id(),
        finding.control.id(),
        &finding.rule,
        title(report, finding),
        &subject.api_version,
        &subject.kind,
        &subject.namespace,
        &subject.name,
        &finding.key,
        &finding.message,
        &finding.path,
        finding.location.as_ref().map_or("", |location| &location.file),
        &line,
        &column,
        report.rules.get(&finding.rule).map_or("", |rule| &rule.fix),
        &finding.fingerprint,
        waiver.map_or("", |waiver| &waiver.owner),
        waiver.map_or("", |waiver| &waiver.expires),
        waiver.map_or("", |waiver| &waiver.reason),
    ];
    for (position, text) in cells.into_iter().enumerate() {
        let separator = if position == 0 { "" } else { "," };
        write!(out, "{separator}{}", cell(text))?;
    }
    out.write_all(b"\r\n")
}

/// One cell, quoted where it must be. Spreadsheets strip leading blanks and take the full-width forms, too, so these are looked through.
pub fn cell(text: &str) -> String {
    let shown = visible(text);
    let formula = text.starts_with(['\t', '\r', '\n'])
        || shown.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);
    let apostrophe = if formula { "'" } else { "" };
    if formula || shown.contains([',', '"', ';', '\'', ' ']) {
        format!("\"{apostrophe}{}\"", shown.replace('"', "\"\""))
    } else {
        shown.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn formulas_become_text() {
        for (text, shown) in [
            ("=1+1", "\"'=1+1\""),
            ("  @SUM(A1)", "\"'  @SUM(A1)\""),
            ("\t=1", "\"'\\t=1\""),
            ("＝1", "\"'＝1\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("plain", "plain"),
        ] {
            assert_eq!(cell(text), shown);
        }
    }
}
