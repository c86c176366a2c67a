//! What changed from one state to the next, as a batch.

use std::collections::BTreeSet;

use crate::batch::{Batch, Removal};
use crate::digest::Buckets;
use crate::held::Held;
use crate::state::State;

impl Batch {
    /// Nothing changed. The caller sets epoch, sequence and time.
    pub fn empty() -> Self {
        Self {
            protocol: crate::version::CURRENT,
            epoch: String::new(),
            sequence: 0,
            at: String::new(),
            summary: None,
            upserts: Vec::new(),
            removes: Vec::new(),
            replaces: Vec::new(),
            keeps: Vec::new(),
            nodes: Vec::new(),
            images: Vec::new(),
            buckets: Buckets::new(),
        }
    }

    /// The changes from `before` (none: everything is new) to `after`.
    pub fn between(before: Option<&State>, after: &State) -> Self {
        Self::since(before.map(Held::of).as_ref(), after)
    }

    /// As [`Batch::between`], where no more is known of the earlier state than its digests.
    pub fn since(before: Option<&Held>, after: &State) -> Self {
        let known = before.map(|held| &held.records);
        let held = |fingerprint: &String| known.and_then(|records| records.get(fingerprint));
        let upserts: Vec<_> = after
            .records
            .iter()
            .filter(|(fingerprint, record)| held(fingerprint).is_none_or(|held| held.digest != record.digest()))
            .map(|(_, record)| record.clone())
            .collect();
        let removes: Vec<Removal> = known
            .into_iter()
            .flatten()
            .filter(|(fingerprint, _)| !after.records.contains_key(*fingerprint))
            .map(|(fingerprint, held)| Removal { rule: held.rule.to_string(), fingerprint: fingerprint.clone() })
            .collect();
        // A finding that went over to another rule leaves that one's bucket.
        let moved = upserts.iter().filter_map(|record| held(&record.finding.fingerprint.to_string()));
        let touched: BTreeSet<String> = upserts
            .iter()
            .map(|record| record.finding.rule.clone().into_owned())
            .chain(removes.iter().map(|removal| removal.rule.clone()))
            .chain(moved.map(|held| held.rule.to_string()))
            .collect();
        let is_new = before.is_none_or(|held| held.summary != after.summary.digest());
        let buckets = if touched.is_empty() { Buckets::new() } else { select(&after.buckets(), touched) };
        Self { summary: is_new.then(|| Box::new(after.summary.clone())), upserts, removes, buckets, ..Self::empty() }
    }

    /// The whole buckets of `rules`, to settle a quarrel.
    pub fn replacing(state: &State, rules: &[String], with_summary: bool) -> Self {
        let wanted: BTreeSet<&str> = rules.iter().map(String::as_str).collect();
        let of_rule = |record: &&crate::Record| wanted.contains(&*record.finding.rule);
        Self {
            summary: with_summary.then(|| Box::new(state.summary.clone())),
            upserts: state.records.values().filter(of_rule).cloned().collect(),
            replaces: rules.to_vec(),
            buckets: select(&state.buckets(), rules.iter().cloned()),
            ..Self::empty()
        }
    }

    pub fn is_empty(&self) -> bool {
        self.summary.is_none()
            && self.upserts.is_empty()
            && self.removes.is_empty()
            && self.replaces.is_empty()
            && self.nodes.is_empty()
            && self.images.is_empty()
    }
}

/// The digests of `rules`; a rule without findings has the digest of nothing.
fn select(buckets: &Buckets, rules: impl IntoIterator<Item = String>) -> Buckets {
    rules
        .into_iter()
        .map(|rule| {
            let digest = buckets.get(&rule).copied().unwrap_or_default();
            (rule, digest)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use rampart_model::{Control, Severity};
    use rampart_report::document::{FindingEntry, SubjectEntry};

    use crate::{Batch, Digest, Record, State, Summary};

    fn record(rule: u8, name: u8, message: u8) -> Record {
        let subject = SubjectEntry {
            api_version: "v1".into(),
            kind: "Pod".into(),
            namespace: "shop".into(),
            name: format!("p{name}").into(),
        };
        Record {
            finding: FindingEntry {
                fingerprint: format!("{rule}-{name}").into(),
                rule: format!("rbac/r{rule}").into(),
                control: Control::Rbac,
                severity: Severity::High,
                subject,
                key: "".into(),
                message: format!("m{message}").into(),
                path: "".into(),
                location: None,
                value: None,
                excerpt: None,
                cause: None,
                due: None,
                remedies: Vec::new(),
            },
            waiver: None,
        }
    }

    fn state(parts: &[(u8, u8, u8)]) -> State {
        let summary = Summary {
            server_version: None,
            score: None,
            objects: 0,
            kinds: BTreeMap::new(),
            controls: Vec::new(),
            rules: BTreeMap::new(),
            gaps: Vec::new(),
            diagnostics: Vec::new(),
            namespaces: Vec::new(),
        };
        let records = parts.iter().map(|(rule, name, message)| record(*rule, *name, *message));
        State { summary, records: records.map(|record| (record.fingerprint().to_owned(), record)).collect() }
    }

    proptest! {
        #[test]
        fn a_batch_leads_from_one_state_to_the_other_and_its_digests_agree(
            before in prop::collection::vec((0u8..3, 0u8..6, 0u8..2), 0..12),
            after in prop::collection::vec((0u8..3, 0u8..6, 0u8..2), 0..12),
        ) {
            let (before, after) = (state(&before), state(&after));
            let batch = Batch::between(Some(&before), &after);
            let mut reached = before.clone();
            for removal in &batch.removes {
                prop_assert!(reached.records.remove(&removal.fingerprint).is_some());
            }
            for record in &batch.upserts {
                reached.records.insert(record.fingerprint().to_owned(), record.clone());
            }
            prop_assert_eq!(&reached, &after);
            let digests = after.buckets();
            for (rule, digest) in &batch.buckets {
                prop_assert_eq!(*digest, digests.get(rule).copied().unwrap_or(Digest::EMPTY));
            }
            prop_assert_eq!(batch.is_empty(), before == after);
        }

        #[test]
        fn parts_lead_to_the_same_state_as_the_whole_and_remove_nothing_that_comes_back(
            before in prop::collection::vec((0u8..3, 0u8..6, 0u8..2), 0..12),
            after in prop::collection::vec((0u8..3, 0u8..6, 0u8..2), 0..12),
            is_replacing: bool,
            bytes in 1usize..2000,
        ) {
            let (before, after) = (state(&before), state(&after));
            let whole = match is_replacing {
                true => Batch::replacing(&after, &["rbac/r0", "rbac/r1", "rbac/r2"].map(str::to_owned), true),
                false => Batch::between(Some(&before), &after),
            };
            let (count, summaries) = (whole.upserts.len(), usize::from(whole.summary.is_some()));
            let parts = whole.clone().parts(bytes);
            prop_assert_eq!(parts.iter().map(|part| part.upserts.len()).sum::<usize>(), count);
            prop_assert_eq!(parts.iter().filter(|part| part.summary.is_some()).count(), summaries);
            let mut reached = before.records.clone();
            for (position, part) in parts.iter().enumerate() {
                prop_assert_eq!(part.buckets.is_empty(), position + 1 < parts.len() || whole.buckets.is_empty());
                for removal in &part.removes {
                    prop_assert!(reached.remove(&removal.fingerprint).is_some());
                }
                let kept = |fingerprint: &str| {
                    part.keeps.iter().any(|one| one == fingerprint)
                        || part.upserts.iter().any(|record| record.fingerprint() == fingerprint)
                };
                reached.retain(|fingerprint, record| {
                    let stays = !part.replaces.iter().any(|rule| *rule == record.finding.rule) || kept(fingerprint);
                    assert!(stays || !after.records.contains_key(fingerprint), "removed, to come back");
                    stays
                });
                for record in &part.upserts {
                    reached.insert(record.fingerprint().to_owned(), record.clone());
                }
            }
            prop_assert_eq!(reached, after.records);
        }

        #[test]
        fn digests_read_back(value: u128) {
            prop_assert_eq!(Digest(value).to_string().parse::<Digest>(), Ok(Digest(value)));
        }
    }

    #[test]
    fn a_batch_survives_the_wire() {
        let batch = Batch::between(None, &state(&[(0, 1, 2), (1, 1, 1)]));
        let body = crate::codec::encode(&batch).unwrap();
        assert_eq!(crate::codec::decode::<Batch>(&body), Ok(batch));
    }
}
