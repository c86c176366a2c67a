//! GitLab's security report (schema 15, type `sast`: the findings lie in files of the repository).

use std::io::{self, Write};

use rampart_model::Severity;

use crate::causes::title;
use crate::document::{FindingEntry, Report};
use crate::json;
use crate::text::visible;
use crate::tree::Tree;

const VERSION: &str = "15.1.4";

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let schema = format!(
        "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v{VERSION}/dist/sast-report-format.json"
    );
    let program = || {
        Tree::map([
            ("id", "rampart".into()),
            ("name", "Rampart".into()),
            ("version", report.tool.version.as_ref().into()),
            ("vendor", Tree::map([("name", "Rampart".into())])),
        ])
    };
    let time = time(report.generated.as_deref());
    let messages = report.diagnostics.iter().map(|diagnostic| {
        Tree::map([
            ("level", if diagnostic.lost { "warn" } else { "info" }.into()),
            ("value", visible(&format!("{}: {}", diagnostic.source, diagnostic.message)).into_owned().into()),
        ])
    });
    let gaps = report.gaps.iter().map(|gap| {
        let text = format!("{} could not be judged: {}", gap.control.title(), gap.sentence());
        Tree::map([("level", "warn".into()), ("value", visible(&text).into_owned().into())])
    });
    let tree = Tree::map([
        ("version", VERSION.into()),
        ("schema", schema.into()),
        (
            "scan",
            Tree::map([
                ("analyzer", program()),
                ("scanner", program()),
                ("type", "sast".into()),
                ("start_time", time.clone().into()),
                ("end_time", time.into()),
                ("status", "success".into()),
                ("messages", Tree::list(gaps.chain(messages))),
            ]),
        ),
        ("vulnerabilities", Tree::list(report.findings.iter().map(|finding| vulnerability(report, finding)))),
    ]);
    json::pretty(&tree, out)
}

/// The schema demands a time without zone; a report that has none gets the epoch, so that its bytes stay the same.
fn time(generated: Option<&str>) -> String {
    let cut = generated.and_then(|time| time.get(..19)).unwrap_or_default();
    if cut.len() == 19 && cut.is_ascii() { cut.replace(' ', "T") } else { "1970-01-01T00:00:00".to_owned() }
}

fn vulnerability(report: &Report<'_>, finding: &FindingEntry<'_>) -> Tree {
    let rule = report.rules.get(&finding.rule);
    let severity = match finding.severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    };
    let why = rule.map(|rule| rule.why.as_ref()).unwrap_or_default();
    let description = format!("{}: {}\n\n{why}", visible(&finding.subject.to_string()), visible(&finding.message));
    let identifier = |kind: &str, name: String, value: &str| {
        Tree::map([("type", kind.into()), ("name", name.into()), ("value", value.into())])
    };
    let mut identifiers =
        vec![identifier("rampart_rule", format!("Rampart {}", visible(&finding.rule)), &visible(&finding.rule))];
    for mapping in rule.iter().flat_map(|rule| &rule.maps_to) {
        let kind: String = mapping
            .standard
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' })
            .collect();
        identifiers.push(identifier(&kind, format!("{} {}", mapping.standard, mapping.id), &mapping.id));
    }
    let location = match &finding.location {
        Some(location) => Tree::map([
            ("file", visible(&location.file).into_owned().into()),
            ("start_line", location.line.into()),
            ("end_line", location.end_line.into()),
        ]),
        // A live object has no file; its name stands in, so that findings of different objects stay apart.
        None => Tree::map([("file", visible(&format!("cluster/{}", finding.subject)).into_owned().into())]),
    };
    let fix = rule.map(|rule| rule.fix.as_ref()).filter(|fix| !fix.is_empty());
    Tree::map([
        ("id", uuid(&finding.fingerprint).into()),
        ("name", visible(title(report, finding)).into_owned().into()),
        ("description", description.into()),
        ("severity", severity.into()),
    ])
    .with("solution", fix.map(Into::into))
    .with("identifiers", Some(Tree::List(identifiers)))
    .with("location", Some(location))
}

/// The 32 digits of a fingerprint in groups, as identifiers are written there.
fn uuid(fingerprint: &str) -> String {
    let mut text = String::new();
    for (position, digit) in fingerprint.chars().enumerate() {
        if matches!(position, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}
