//! JUnit XML for the test views of build servers: a suite for each control, a case for each rule. A rule with findings
//! fails, a rule that could not answer is skipped: it has not passed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use rampart_model::Severity;

use crate::document::{ControlEntry, FindingEntry, GapEntry, Report};
use crate::text::count;
use crate::xml::escape;

enum Outcome {
    Passed,
    Failed { message: String, kind: &'static str, text: String },
    Skipped(String),
}

struct Case {
    name: String,
    outcome: Outcome,
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<(String, Vec<Case>)> =
        report.controls.iter().map(|control| (control.id.id().to_owned(), cases(report, control))).collect();
    let lost: Vec<Case> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.lost)
        .map(|diagnostic| Case {
            name: diagnostic.source.to_string(),
            outcome: Outcome::Skipped(format!("not read: {}", diagnostic.message)),
        })
        .collect();
    if !lost.is_empty() {
        suites.push(("input".to_owned(), lost));
    }
    let all: (usize, usize, usize) = suites
        .iter()
        .map(|(_, cases)| totals(cases))
        .fold((0, 0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1, sum.2 + next.2));
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"rampart\" {}>", attributes(all))?;
    for (name, cases) in &suites {
        let time = report.generated.as_ref().map(|time| format!(" timestamp=\"{}\"", escape(time))).unwrap_or_default();
        writeln!(out, "  <testsuite name=\"{}\" {}{time}>", escape(name), attributes(totals(cases)))?;
        for case in cases {
            write_case(name, case, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Tests, failures, skipped.
fn totals(cases: &[Case]) -> (usize, usize, usize) {
    let of = |wanted: fn(&Outcome) -> bool| cases.iter().filter(|case| wanted(&case.outcome)).count();
    (
        cases.len(),
        of(|outcome| matches!(outcome, Outcome::Failed { .. })),
        of(|outcome| matches!(outcome, Outcome::Skipped(_))),
    )
}

fn attributes((tests, failures, skipped): (usize, usize, usize)) -> String {
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\"")
}

fn write_case(suite: &str, case: &Case, out: &mut dyn Write) -> io::Result<()> {
    let head = format!("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", escape(suite), escape(&case.name));
    match &case.outcome {
        Outcome::Passed => writeln!(out, "{head}/>"),
        Outcome::Skipped(message) => {
            writeln!(out, "{head}>\n      <skipped message=\"{}\"/>\n    </testcase>", escape(message))
        }
        Outcome::Failed { message, kind, text } => writeln!(
            out,
            "{head}>\n      <failure message=\"{}\" type=\"{kind}\">{text}</failure>\n    </testcase>",
            escape(message)
        ),
    }
}

fn cases(report: &Report<'_>, control: &ControlEntry) -> Vec<Case> {
    let mut findings: BTreeMap<&str, Vec<&FindingEntry<'_>>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.control == control.id) {
        findings.entry(&finding.rule).or_default().push(finding);
    }
    let mut gaps: BTreeMap<&str, Vec<&GapEntry<'_>>> = BTreeMap::new();
    for gap in report.gaps.iter().filter(|gap| gap.control == control.id) {
        gaps.entry(&gap.rule).or_default().push(gap);
    }
    let own = report.rules.iter().filter(|(_, rule)| rule.control == control.id).map(|(id, _)| &**id);
    let rules: BTreeSet<&str> = own.chain(findings.keys().copied()).chain(gaps.keys().copied()).collect();
    let mut cases: Vec<Case> = rules
        .into_iter()
        .map(|id| Case {
            name: match (id, report.rules.get(id)) {
                ("", _) => control.id.title().to_owned(),
                (id, Some(rule)) => format!("{id}: {}", rule.title),
                (id, None) => id.to_owned(),
            },
            outcome: outcome(report, id, findings.get(id), gaps.get(id)),
        })
        .collect();
    if cases.is_empty() {
        let outcome = Outcome::Skipped("no rule was asked".to_owned());
        cases.push(Case { name: control.id.title().to_owned(), outcome });
    }
    cases
}

fn outcome(
    report: &Report<'_>,
    id: &str,
    findings: Option<&Vec<&FindingEntry<'_>>>,
    gaps: Option<&Vec<&GapEntry<'_>>>,
) -> Outcome {
    let rule = report.rules.get(id);
    if let Some(findings) = findings
        && findings.iter().any(|finding| finding.severity > Severity::Info)
    {
        let mut text = String::from("\n");
        for finding in findings {
            let place = finding
                .location
                .as_ref()
                .map(|location| format!(" at {}:{}:{}", location.file, location.line, location.column))
                .unwrap_or_default();
            text.push_str(&escape(&format!("{}{place}: {}", finding.subject, finding.message)));
            text.push('\n');
        }
        if let Some(rule) = rule {
            text.push_str(&format!("Why: {}\nFix: {}\n", escape(&rule.why), escape(&rule.fix)));
        }
        let gravest = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Low);
        return Outcome::Failed { message: count(findings.len() as u64, "finding"), kind: gravest.id(), text };
    }
    if let Some(gaps) = gaps {
        let reasons: Vec<_> = gaps.iter().map(|gap| gap.sentence()).collect();
        return Outcome::Skipped(format!("could not be seen: {}", reasons.join("; ")));
    }
    match rule {
        Some(rule) if rule.examined == 0 => Outcome::Skipped("nothing to examine".to_owned()),
        _ => Outcome::Passed,
    }
}
