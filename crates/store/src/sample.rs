//! Findings for tests: few rules, few places, so that random ones meet each other.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rampart_model::{Control, Severity, Verdict};
use rampart_protocol::state::Asked;
use rampart_protocol::{Record, State, Summary};
use rampart_report::document::{
    ControlEntry, CountsEntry, FindingEntry, GapEntry, NamespaceEntry, RemedyEntry, SubjectEntry, WaiverEntry,
};

/// What random findings are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spec {
    pub(crate) rule: u8,
    /// Namespace and name.
    pub(crate) place: u8,
    /// What may change while the finding stays itself.
    pub(crate) word: u8,
    pub(crate) waived: bool,
}

const RULES: [(&str, Control, Severity); 5] = [
    ("rbac/wildcard-verb", Control::Rbac, Severity::Critical),
    ("rbac/secrets-reader", Control::Rbac, Severity::High),
    ("pod_security/run-as-root", Control::PodSecurity, Severity::High),
    ("pod_security/host-path", Control::PodSecurity, Severity::Medium),
    ("namespaces/quota", Control::Namespaces, Severity::Info),
];
pub(crate) const NAMESPACES: [&str; 4] = ["", "shop", "shop-test", "pay"];

pub(crate) fn specs(most: usize) -> impl Strategy<Value = Vec<Spec>> {
    let spec = (0_u8..5, 0_u8..12, 0_u8..2, proptest::bool::weighted(0.2));
    prop::collection::vec(spec, 0..most).prop_map(|specs| {
        let by_identity: BTreeMap<_, _> = specs.into_iter().map(|spec| ((spec.0, spec.1), spec)).collect();
        by_identity.into_values().map(|(rule, place, word, waived)| Spec { rule, place, word, waived }).collect()
    })
}

pub(crate) fn record(spec: Spec) -> Record {
    let (rule, control, severity) = RULES[usize::from(spec.rule)];
    let namespace = NAMESPACES[usize::from(spec.place) % NAMESPACES.len()];
    let subject = |kind: &'static str, namespace: &'static str, name: String| SubjectEntry {
        api_version: "v1".into(),
        kind: kind.into(),
        namespace: namespace.into(),
        name: name.into(),
    };
    let caused = spec.rule == 1;
    Record {
        finding: FindingEntry {
            fingerprint: format!("{:02x}{:030x}", spec.rule, spec.place).into(),
            rule: rule.into(),
            control,
            severity,
            subject: subject(
                if spec.rule == 3 { "Deployment" } else { "Pod" },
                namespace,
                format!("web-{}", spec.place),
            ),
            key: "".into(),
            message: format!("it's <b>word</b> {}", spec.word).into(),
            path: "spec.containers[0]".into(),
            location: None,
            value: Some("true".into()),
            excerpt: None,
            cause: caused.then(|| Box::new(subject("Role", namespace, format!("reader-{}", spec.place % 2)))),
            due: (spec.rule == 3)
                .then(|| jiff::civil::date(2026, 6, 1).saturating_add(jiff::Span::new().days(spec.place))),
            remedies: if spec.rule == 2 { vec![RemedyEntry::Remove { path: "spec.x".into() }] } else { Vec::new() },
        },
        waiver: spec.waived.then(|| WaiverEntry {
            rule: rule.into(),
            reason: "known".into(),
            owner: "team".into(),
            expires: "2027-01-01".into(),
            origin: "waiver w-1".into(),
        }),
    }
}

pub(crate) fn state(specs: &[Spec]) -> State {
    let records: BTreeMap<String, Record> =
        specs.iter().map(|spec| record(*spec)).map(|record| (record.fingerprint().to_owned(), record)).collect();
    let mut counts: BTreeMap<Control, CountsEntry> = BTreeMap::new();
    for record in records.values().filter(|record| record.waiver.is_none()) {
        counts.entry(record.finding.control).or_default().add(record.finding.severity);
    }
    let controls: Vec<ControlEntry> = Control::ALL
        .into_iter()
        .map(|id| {
            let counts = counts.get(&id).copied().unwrap_or_default();
            let verdict = if counts.total() > 0 { Verdict::Fail } else { Verdict::Pass };
            let score = Some(if counts.total() > 0 { 50 } else { 100 });
            ControlEntry { id, layer: id.layer(), phase: id.phase(), verdict, score, coverage: 80, examined: 7, counts }
        })
        .collect();
    let namespace = |name: &'static str| NamespaceEntry {
        name: name.into(),
        score: Some(40),
        complete: false,
        parts: [("quota".into(), "missing".into())].into(),
    };
    let summary = Summary {
        server_version: Some("v1.36.3".to_owned()),
        score: Some(70),
        objects: records.len() as u64,
        kinds: [("Pod".to_owned(), 3)].into(),
        controls,
        rules: [("rbac/wildcard-verb".to_owned(), Asked { examined: 9, failed: 1, gaps: 0 })].into(),
        gaps: vec![GapEntry {
            control: Control::Audit,
            rule: "".into(),
            reason: "the policy is not visible".into(),
            remedy: "run it on the node".into(),
        }],
        diagnostics: Vec::new(),
        namespaces: NAMESPACES.into_iter().filter(|name| !name.is_empty()).map(namespace).collect(),
    };
    State { summary, records }
}
