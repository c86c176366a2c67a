//! Reports for auditors: frameworks in every text, PDF that readers accept, OSCAL by its schema.

use std::process::Command;

use super::*;
use crate::document::TrendEntry;
use crate::framework::{Seen, builtin};

/// The sample with all frameworks, two of them in full, and some days of the past.
fn full(evaluation: &rampart_model::Evaluation) -> Report<'_> {
    let mut report = Report::of(evaluation, Box::leak(Box::new(context())));
    let seen = Seen::of(Box::leak(Box::new(report.clone())));
    report.frameworks = builtin()
        .iter()
        .map(|framework| {
            let entry = framework.assess(&seen);
            if ["pod-security-standards", "soc-2"].contains(&framework.id.as_str()) { entry } else { entry.summary() }
        })
        .collect();
    report.trend = (1..=30u8)
        .map(|day| TrendEntry {
            day: format!("2031-04-{day:02}").into(),
            score: (day != 7).then_some(40 + day),
            open: u64::from(90 - day),
        })
        .collect();
    report
}

fn bytes(report: &Report<'_>, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    crate::write_report(report, &context().layout, format, &mut out).unwrap();
    out
}

#[test]
fn frameworks_stand_in_html_markdown_and_the_terminal() {
    let evaluation = evaluation();
    let report = full(&evaluation);
    for format in [Format::Html, Format::Markdown, Format::Terminal] {
        let text = String::from_utf8(bytes(&report, format)).unwrap();
        for wanted in ["SOC 2: Trust Services Criteria", "Pod Security Standards", "CC6.3", "not assessable here"] {
            assert!(text.contains(wanted), "{format}: {wanted}");
        }
        for line in text.lines().filter(|_| format == Format::Terminal) {
            assert!(crate::text::width(line) <= 100, "{line}");
        }
    }
    let html = String::from_utf8(bytes(&report, Format::Html)).unwrap();
    assert!(html.contains("<polyline") && html.contains("2031-04-07"));
}

#[test]
fn a_report_with_frameworks_reads_back_and_fulfils_its_schema() {
    let evaluation = evaluation();
    let report = full(&evaluation);
    let text = String::from_utf8(bytes(&report, Format::Json)).unwrap();
    let schema = include_str!("../../../../docs/schema/rampart.report-v1.schema.json");
    assert_eq!(schema::errors(schema, &serde_json::from_str(&text).unwrap()), Vec::<String>::new());
    assert_eq!(Report::parse(&text).unwrap(), report.into_owned());
}

const OSCAL: &str = include_str!("oscal-assessment-results-schema.json");

#[test]
fn oscal_fulfils_the_schema_of_nist() {
    let (sample, named) = (evaluation(), sample::named("\u{1b}'\"<&>\n "));
    let clean =
        rampart_model::Evaluation { findings: Vec::new(), waived: Vec::new(), gaps: Vec::new(), ..evaluation() };
    for evaluation in [&sample, &named, &clean] {
        for report in [full(evaluation), Report::of(evaluation, &context())] {
            let value = serde_json::from_slice(&bytes(&report, Format::Oscal)).unwrap();
            assert_eq!(schema::errors(OSCAL, &value), Vec::<String>::new());
        }
    }
    let mut broken: serde_json::Value = serde_json::from_slice(&bytes(&full(&sample), Format::Oscal)).unwrap();
    broken["assessment-results"]["uuid"] = "no".into();
    assert!(!schema::errors(OSCAL, &broken).is_empty());
}

#[test]
fn oscal_identifiers_stay_and_what_was_not_seen_is_not_satisfied() {
    let evaluation = evaluation();
    let report = full(&evaluation);
    let first = bytes(&report, Format::Oscal);
    assert_eq!(first, bytes(&report, Format::Oscal));
    let value: serde_json::Value = serde_json::from_slice(&first).unwrap();
    let result = &value["assessment-results"]["results"][0];
    assert_eq!(result["observations"].as_array().unwrap().len(), 5 + 1 + 2);
    for finding in result["findings"].as_array().unwrap() {
        let satisfied = finding["target"]["status"]["state"] == "satisfied";
        assert_eq!(satisfied, finding["props"][0]["value"] == "pass", "{finding}");
    }
}

#[test]
fn a_pdf_is_the_same_twice_and_has_every_page_numbered() {
    let evaluation = evaluation();
    let report = full(&evaluation);
    let pdf = bytes(&report, Format::Pdf);
    assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
    assert_eq!(pdf, bytes(&report, Format::Pdf));
}

/// Runs a tool over a file; none where the tool is not there, which is said aloud.
fn tool(name: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let Ok(output) = Command::new(name).args(arguments).output() else {
        println!("SKIPPED: `{name}` is not installed; `apt-get install poppler-utils qpdf` has it");
        return None;
    };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Some((output.status.success(), said))
}

#[test]
fn readers_of_pdf_accept_it_and_find_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let long = "n".repeat(4_000);
    for name in ["日本 Ünïcode привет", "\u{202e}evil\u{0}\n", "<b>&amp;(\\)", &long] {
        let evaluation = sample::named(name);
        let path = folder.path().join("report.pdf");
        std::fs::write(&path, bytes(&full(&evaluation), Format::Pdf)).unwrap();
        let path = path.to_str().unwrap();
        if let Some((good, said)) = tool("qpdf", &["--check", path]) {
            assert!(good, "{said}");
        }
        if let Some((good, said)) = tool("pdfinfo", &[path]) {
            assert!(good && said.contains("Pages:"), "{said}");
        }
        if let Some((good, said)) = tool("pdftotext", &["-raw", path, "-"]) {
            let squeezed = said.replace(char::is_whitespace, "");
            let beginning: String = crate::pdf::shown(name).replace(' ', "").chars().take(20).collect();
            assert!(good && squeezed.contains(&beginning), "{beginning} in {said}");
            assert!(said.contains("Page 1 of "), "{said}");
        }
    }
}
