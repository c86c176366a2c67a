//! What was observed: findings, waived findings and gaps, each about objects of the inventory.

use std::collections::{BTreeMap, BTreeSet};

use rampart_model::Severity;
use serde_json::{Value, json};

use super::identity::{text, uuid};
use super::property;
use crate::causes::title;
use crate::document::{FindingEntry, Report, SubjectEntry, WaiverEntry};

pub(super) struct Observations {
    pub list: Vec<Value>,
    pub inventory: Vec<Value>,
    /// The identifiers of the observations of each rule.
    pub of_rule: BTreeMap<String, Vec<String>>,
    /// Rules with a finding that counts against them, and rules about which something could not be seen.
    pub failing: BTreeSet<String>,
    pub unseen: BTreeSet<String>,
}

impl Observations {
    pub fn of(report: &Report<'_>, time: &str) -> Self {
        let mut all = Self {
            list: Vec::new(),
            inventory: Vec::new(),
            of_rule: BTreeMap::new(),
            failing: BTreeSet::new(),
            unseen: BTreeSet::new(),
        };
        let mut subjects = BTreeSet::new();
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        let open = report.findings.iter().map(|finding| (finding, None));
        let waived = report.waived.iter().map(|entry| (&entry.finding, Some(&entry.waiver)));
        for (finding, waiver) in open.chain(waived) {
            subjects.insert(&finding.subject);
            // Two findings of one fingerprint are two observations.
            let times = seen.entry(&finding.fingerprint).or_default();
            *times += 1;
            let id = uuid("observation", &[&finding.fingerprint, &times.to_string()]);
            all.of_rule.entry(finding.rule.to_string()).or_default().push(id.clone());
            if waiver.is_none() && finding.severity > Severity::Info {
                all.failing.insert(finding.rule.to_string());
            }
            all.list.push(observation(report, finding, waiver, &id, time));
        }
        for gap in &report.gaps {
            let id = uuid("gap", &[gap.control.id(), &gap.rule, &gap.reason]);
            let rules: Vec<&str> = match &*gap.rule {
                "" => {
                    report.rules.iter().filter(|(_, rule)| rule.control == gap.control).map(|(id, _)| &**id).collect()
                }
                rule => vec![rule],
            };
            for rule in rules {
                all.unseen.insert(rule.to_owned());
                all.of_rule.entry(rule.to_owned()).or_default().push(id.clone());
            }
            all.list.push(json!({
                "uuid": id,
                "title": text(&format!("Not seen: {}", gap.control.title())),
                "description": text(&gap.sentence()),
                "props": [property("kind", "gap"), property("control", gap.control.id())],
                "methods": ["TEST"],
                "collected": time,
            }));
        }
        all.inventory = subjects.into_iter().map(item).collect();
        all
    }
}

fn subject_id(subject: &SubjectEntry<'_>) -> String {
    uuid("subject", &[&subject.api_version, &subject.kind, &subject.namespace, &subject.name])
}

fn item(subject: &SubjectEntry<'_>) -> Value {
    json!({
        "uuid": subject_id(subject),
        "description": text(&subject.to_string()),
        "props": [
            property("api-version", &subject.api_version),
            property("kind", &subject.kind),
            property("namespace", &subject.namespace),
            property("name", &subject.name),
        ],
    })
}

fn observation(
    report: &Report<'_>,
    finding: &FindingEntry<'_>,
    waiver: Option<&WaiverEntry<'_>>,
    id: &str,
    time: &str,
) -> Value {
    let mut props = vec![
        property("kind", "finding"),
        property("rule", &finding.rule),
        property("control", finding.control.id()),
        property("severity", finding.severity.id()),
        property("fingerprint", &finding.fingerprint),
        property("state", if waiver.is_some() { "waived" } else { "open" }),
    ];
    if let Some(waiver) = waiver {
        props.push(property("waiver-owner", &waiver.owner));
        props.push(property("waiver-expires", &waiver.expires));
        props.push(property("waiver-reason", &waiver.reason));
    }
    let place = match &finding.location {
        Some(location) => format!("{}:{}:{}", location.file, location.line, location.column),
        None if finding.path.is_empty() => finding.subject.to_string(),
        None => finding.path.to_string(),
    };
    json!({
        "uuid": id,
        "title": text(title(report, finding)),
        "description": text(&finding.message),
        "props": props,
        "methods": ["TEST"],
        "types": ["finding"],
        "subjects": [{ "subject-uuid": subject_id(&finding.subject), "type": "inventory-item" }],
        "relevant-evidence": [{ "description": text(&place) }],
        "collected": time,
    })
}
