//! SARIF 2.1.0 for code-scanning views: rules with their help, results with regions, waived findings as suppressed ones.
//! Gaps and trouble with the input are notifications of the run, so that an empty list of results is not read as a pass.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rampart_model::Severity;
use serde::Serialize;

use crate::document::{FindingEntry, LocationEntry, Report, RuleEntry, WaiverEntry};
use crate::json;
use crate::text::visible;
use crate::tree::Tree;

mod uri;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/// Results are made one by one while they are written: a large report is never held twice.
struct Results<'r> {
    report: &'r Report<'r>,
    positions: BTreeMap<&'r str, u64>,
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tree,
    automation_details: Tree,
    invocations: Tree,
    original_uri_base_ids: Tree,
    column_kind: &'static str,
    results: Results<'r>,
    properties: Tree,
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let positions = report.rules.keys().enumerate().map(|(position, id)| (&**id, position as u64)).collect();
    let driver = Tree::map([
        ("name", "Rampart".into()),
        ("semanticVersion", report.tool.version.as_ref().into()),
        ("rules", Tree::list(report.rules.iter().map(|(id, rule)| descriptor(id, rule)))),
    ]);
    let base = Tree::map([("description", Tree::map([("text", "The folder in which the scan ran.".into())]))]);
    let score = report.score.map_or(Tree::Null, |score| u64::from(score).into());
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tree::map([("driver", driver)]),
            automation_details: Tree::map([("id", "rampart/scan/".into())]),
            invocations: Tree::List(vec![invocation(report)]),
            original_uri_base_ids: Tree::map([(uri::BASE, base)]),
            column_kind: "unicodeCodePoints",
            results: Results { report, positions },
            properties: Tree::map([("target", visible(&report.target).into_owned().into()), ("score", score)]),
        }],
    };
    json::pretty(&log, out)
}

impl Serialize for Results<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let open = self.report.findings.iter().map(|finding| (finding, None));
        let waived = self.report.waived.iter().map(|entry| (&entry.finding, Some(&entry.waiver)));
        serializer.collect_seq(open.chain(waived).map(|(finding, waiver)| self.result(finding, waiver)))
    }
}

fn text(text: &str) -> Tree {
    Tree::map([("text", visible(text).into_owned().into())])
}

/// Viewers make links of `[text](target)` also in plain messages; a name must not become one.
fn unlinked(message: &str) -> String {
    message.replace("](", "] (")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// Code-scanning views read a number from 0 to 10 and make their own words of it: over 9 critical, 7 high, 4 medium.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.0",
    }
}

fn descriptor(id: &str, rule: &RuleEntry<'_>) -> Tree {
    let maps: Vec<String> = rule.maps_to.iter().map(|mapping| format!("{} {}", mapping.standard, mapping.id)).collect();
    let also = if maps.is_empty() { String::new() } else { format!("\n\nSee {}.", maps.join(", ")) };
    let help = Tree::map([
        ("text", format!("{}\n\nFix: {}{also}", rule.why, rule.fix).into()),
        ("markdown", format!("{}\n\n**Fix:** {}{also}", rule.why, rule.fix).into()),
    ]);
    let tags = ["security".to_owned(), "kubernetes".to_owned(), rule.control.id().to_owned()].into_iter().chain(maps);
    Tree::map([
        ("id", id.into()),
        ("name", pascal(id).into()),
        ("shortDescription", text(&rule.title)),
        ("fullDescription", text(&rule.why)),
        ("help", help),
        ("defaultConfiguration", Tree::map([("level", level(rule.severity).into())])),
        (
            "properties",
            Tree::map([
                ("tags", Tree::list(tags)),
                ("precision", "high".into()),
                ("problem.severity", problem(rule.severity).into()),
                ("security-severity", security_severity(rule.severity).into()),
            ]),
        ),
    ])
}

fn problem(severity: Severity) -> &'static str {
    match level(severity) {
        "note" => "recommendation",
        level => level,
    }
}

/// `rbac/wildcard-verb` as `RbacWildcardVerb`.
fn pascal(id: &str) -> String {
    let mut name = String::new();
    for word in id.split(['/', '-', '_', '.']) {
        let mut characters = word.chars();
        name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(characters);
    }
    name
}

fn invocation(report: &Report<'_>) -> Tree {
    let gaps = report.gaps.iter().map(|gap| {
        let message = format!("{} could not be judged: {}", gap.control.title(), gap.sentence());
        let rule = report.rules.contains_key(&gap.rule).then(|| Tree::map([("id", gap.rule.as_ref().into())]));
        Tree::map([("level", "warning".into()), ("message", text(&message))]).with("associatedRule", rule)
    });
    let diagnostics = report.diagnostics.iter().map(|diagnostic| {
        let region = (diagnostic.line > 0).then(|| {
            Tree::map([("startLine", diagnostic.line.into()), ("startColumn", diagnostic.column.max(1).into())])
        });
        let physical = Tree::map([("artifactLocation", uri::artifact(&diagnostic.source))]).with("region", region);
        Tree::map([
            ("level", if diagnostic.lost { "error" } else { "warning" }.into()),
            ("message", text(&diagnostic.message)),
            ("locations", Tree::List(vec![Tree::map([("physicalLocation", physical)])])),
        ])
    });
    Tree::map([("executionSuccessful", true.into())])
        .with("endTimeUtc", report.generated.as_ref().map(|time| time.as_ref().into()))
        .with("toolExecutionNotifications", Some(Tree::list(gaps.chain(diagnostics))))
}

impl Results<'_> {
    fn result(&self, finding: &FindingEntry<'_>, waiver: Option<&WaiverEntry<'_>>) -> Tree {
        let name = visible(&finding.subject.to_string()).into_owned();
        let logical = Tree::map([("fullyQualifiedName", name.clone().into()), ("kind", "resource".into())]);
        let location = Tree::map([])
            .with(
                "physicalLocation",
                finding.location.as_ref().map(|place| physical(place, finding.excerpt.as_deref())),
            )
            .with("logicalLocations", Some(Tree::List(vec![logical])));
        let suppressions = waiver.map(|waiver| {
            let reason = format!("{} until {}: {}", waiver.owner, waiver.expires, waiver.reason);
            Tree::List(vec![Tree::map([
                ("kind", "external".into()),
                ("status", "accepted".into()),
                ("justification", visible(&reason).into_owned().into()),
            ])])
        });
        Tree::map([("ruleId", finding.rule.as_ref().into())])
            .with("ruleIndex", self.positions.get(&*finding.rule).map(|position| (*position).into()))
            .with("level", Some(level(finding.severity).into()))
            .with("message", Some(text(&unlinked(&format!("{name}: {}", finding.message)))))
            .with("locations", Some(Tree::List(vec![location])))
            .with("partialFingerprints", Some(Tree::map([("rampart/v1", finding.fingerprint.as_ref().into())])))
            .with("suppressions", suppressions)
            .with(
                "properties",
                Some(
                    Tree::map([
                        ("severity", finding.severity.id().into()),
                        ("control", finding.control.id().into()),
                        ("security-severity", security_severity(finding.severity).into()),
                    ])
                    .with("path", (!finding.path.is_empty()).then(|| visible(&finding.path).into_owned().into())),
                ),
            )
    }
}

/// The region is the field; the excerpt is the whole line, so it is the context around it.
fn physical(place: &LocationEntry<'_>, excerpt: Option<&str>) -> Tree {
    let line = place.line.max(1);
    let end_line = place.end_line.max(line);
    let mut end_column = place.end_column.max(1);
    if end_line == line {
        end_column = end_column.max(place.column.max(1));
    }
    let region = Tree::map([
        ("startLine", line.into()),
        ("startColumn", place.column.max(1).into()),
        ("endLine", end_line.into()),
        ("endColumn", end_column.into()),
    ]);
    let context = excerpt.map(|excerpt| {
        Tree::map([("startLine", line.into()), ("endLine", end_line.into()), ("snippet", text(excerpt))])
    });
    Tree::map([("artifactLocation", uri::artifact(&place.file)), ("region", region)]).with("contextRegion", context)
}
