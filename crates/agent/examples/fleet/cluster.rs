//! Made-up states of clusters: 10,000 objects each, with findings of real rules over namespaces and workloads.

use std::collections::BTreeMap;

use rampart_model::{Control, Rule, Verdict};
use rampart_protocol::{Record, State, Summary, state::Asked};
use rampart_report::document::{ControlEntry, CountsEntry, FindingEntry, SubjectEntry};

pub const OBJECTS: u64 = 10_000;

/// Cluster `number` with about `findings` of them; `revision` moves one finding in a hundred.
pub fn state(number: usize, findings: usize, revision: usize) -> State {
    let rules: Vec<&'static Rule> = rampart_controls::rules();
    let mut records = BTreeMap::new();
    for index in 0..findings {
        // In each revision another hundredth has moved on to a workload of a new name.
        let age = if index % 100 < revision { revision } else { 0 };
        let record = record(rules[index % rules.len()], number, index, age);
        records.insert(record.fingerprint().to_owned(), record);
    }
    State { summary: summary(&records, &rules), records }
}

fn record(rule: &Rule, cluster: usize, index: usize, age: usize) -> Record {
    let subject = SubjectEntry {
        api_version: "apps/v1".into(),
        kind: "Deployment".into(),
        namespace: format!("team-{}", index % 40).into(),
        name: format!("service-{}-{age}", index / 7).into(),
    };
    let fingerprint = format!("{:08x}{:012x}{:012x}", cluster, index, age).into();
    Record {
        finding: FindingEntry {
            fingerprint,
            rule: rule.id.into(),
            control: rule.control,
            severity: rule.severity,
            key: format!("container-{}", index % 3).into(),
            message: format!("the container `container-{}` does what `{}` warns of", index % 3, rule.id).into(),
            path: format!("spec.template.spec.containers[{}].securityContext", index % 3).into(),
            location: None,
            value: Some("true".into()),
            excerpt: None,
            cause: None,
            due: None,
            remedies: Vec::new(),
            subject,
        },
        waiver: None,
    }
}

fn summary(records: &BTreeMap<String, Record>, rules: &[&'static Rule]) -> Summary {
    let counts_of = |control: Control| {
        let mut counts = CountsEntry::default();
        let own = records.values().filter(|record| record.finding.control == control);
        own.for_each(|record| counts.add(record.finding.severity));
        counts
    };
    let entry = |control: Control| ControlEntry {
        id: control,
        layer: control.layer(),
        phase: control.phase(),
        verdict: if counts_of(control).total() > 0 { Verdict::Fail } else { Verdict::Unknown },
        score: Some(80),
        coverage: 90,
        examined: OBJECTS,
        counts: counts_of(control),
    };
    let asked = Asked { examined: OBJECTS, failed: (records.len() / rules.len()) as u64, gaps: 0 };
    Summary {
        server_version: Some("v1.36.0".to_owned()),
        score: Some(80),
        objects: OBJECTS,
        kinds: BTreeMap::from([("apps/Deployment".to_owned(), OBJECTS)]),
        controls: Control::ALL.into_iter().map(entry).collect(),
        rules: rules.iter().map(|rule| (rule.id.to_owned(), asked)).collect(),
        gaps: Vec::new(),
        diagnostics: Vec::new(),
        namespaces: Vec::new(),
    }
}
