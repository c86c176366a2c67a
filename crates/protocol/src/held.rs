//! What is remembered of a state to tell what changed since: digests, a small part of its size.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::digest::{Buckets, Digest};
use crate::state::State;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub summary: Digest,
    /// By fingerprint.
    pub records: BTreeMap<String, HeldRecord>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRecord {
    /// Shared by all records of the rule.
    pub rule: Arc<str>,
    pub digest: Digest,
}

impl Held {
    pub fn of(state: &State) -> Self {
        let mut rules: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut shared = |rule: &str| {
            let known = rules.get(rule).map(Arc::clone);
            known.unwrap_or_else(|| {
                let rule: Arc<str> = Arc::from(rule);
                rules.insert(Arc::clone(&rule));
                rule
            })
        };
        let held = state.records.iter().map(|(fingerprint, record)| {
            (fingerprint.clone(), HeldRecord { rule: shared(&record.finding.rule), digest: record.digest() })
        });
        Self { summary: state.summary.digest(), records: held.collect() }
    }

    pub fn buckets(&self) -> Buckets {
        let mut buckets = Buckets::new();
        for record in self.records.values() {
            let digest = buckets.entry(record.rule.to_string()).or_insert(Digest::EMPTY);
            *digest = digest.toggle(record.digest);
        }
        buckets
    }
}
