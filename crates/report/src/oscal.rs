//! OSCAL assessment results (NIST, version 1.2.3) for the tools of auditors: an observation for each finding, an inventory
//! item for each object, and a finding for each requirement of the frameworks that were asked for, or for each rule.
//!
//! Identifiers are UUIDs of version 5 made from what they name: the same report gives the same bytes, and an observation
//! keeps its identifier over time as a finding keeps its fingerprint. What could not be seen is never `satisfied`.

mod findings;
mod identity;
mod observations;

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::document::Report;
use crate::json;
use identity::{text, uuid};

const VERSION: &str = "1.2.3";
/// The names of our own properties are ours.
const NAMESPACE: &str = "urn:rampart:oscal";
/// Stands where a report says no time, which OSCAL demands.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let time = report.generated.as_deref().filter(|time| time.ends_with('Z')).unwrap_or(NO_TIME);
    let title = text(&format!("Rampart: {}", report.target));
    let seed: Vec<&str> = report.findings.iter().map(|finding| &*finding.fingerprint).collect();
    let id = uuid("report", &[&report.target, time, &seed.join(" ")]);
    let plan = uuid("plan", &[&report.tool.version]);
    let document = json!({ "assessment-results": {
        "uuid": id,
        "metadata": {
            "title": title,
            "last-modified": time,
            "version": text(&report.tool.version),
            "oscal-version": VERSION,
            "parties": [{ "uuid": uuid("party", &["rampart"]), "type": "organization", "name": "Rampart" }],
        },
        "import-ap": { "href": format!("#{plan}") },
        "results": [result(report, &id, time)],
        "back-matter": { "resources": [{
            "uuid": plan,
            "title": "The rules of Rampart",
            "description": "Every rule that the program knows was asked; `rampart explain` shows each. There is no other plan.",
        }] },
    } });
    json::pretty(&document, out)
}

fn result(report: &Report<'_>, id: &str, time: &str) -> Value {
    let observations = observations::Observations::of(report, time);
    let (findings, reviewed) = findings::of(report, &observations);
    let mut result = json!({
        "uuid": uuid("result", &[id]),
        "title": text(&report.target),
        "description": text(&format!(
            "{} objects read. {} findings, {} waived, {} gaps.",
            report.objects, report.findings.len(), report.waived.len(), report.gaps.len()
        )),
        "start": time,
        "end": time,
        "reviewed-controls": { "control-selections": [reviewed] },
    });
    let mut props = vec![property("objects", &report.objects.to_string())];
    props.extend(report.score.map(|score| property("score", &score.to_string())));
    let lists = [("props", props), ("observations", observations.list), ("findings", findings)];
    let items = observations.inventory;
    if let Value::Object(entries) = &mut result {
        // OSCAL refuses lists without members.
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            entries.insert(name.to_owned(), Value::Array(list));
        }
        if !items.is_empty() {
            entries.insert("local-definitions".to_owned(), json!({ "inventory-items": items }));
        }
    }
    result
}

fn property(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": NAMESPACE, "value": text(value) })
}
