//! From what is stored to what the batch says: one transition for each finding that differs.

use std::collections::{BTreeMap, BTreeSet};

use rampart_protocol::{Batch, Digest, Record};

use super::Stored;
use crate::drift::ChangeKind;
use crate::failure::Failure;
use crate::grade::State;
use crate::tx::Tx;

/// A record with its digest, which is not free.
#[derive(Debug, Clone, Copy)]
pub(super) struct New<'b> {
    pub(super) record: &'b Record,
    pub(super) digest: Digest,
}

impl New<'_> {
    pub(super) fn state(&self) -> State {
        if self.record.waiver.is_some() { State::Waived } else { State::Open }
    }
}

/// At least one of both is there.
#[derive(Debug)]
pub(super) struct Transition<'b> {
    pub(super) before: Option<Stored>,
    /// None: the finding is gone.
    pub(super) after: Option<New<'b>>,
}

impl Transition<'_> {
    pub(super) fn fingerprint(&self) -> &str {
        match (&self.before, &self.after) {
            (Some(stored), _) => &stored.fingerprint,
            (None, Some(new)) => new.record.fingerprint(),
            (None, None) => "",
        }
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = &str> {
        let before = self.before.as_ref().map(|stored| stored.rule.as_str());
        let after = self.after.as_ref().map(|new| &*new.record.finding.rule);
        before.into_iter().chain(after)
    }

    pub(super) fn namespaces(&self) -> impl Iterator<Item = &str> {
        let before = self.before.as_ref().map(|stored| stored.namespace.as_str());
        let after = self.after.as_ref().map(|new| &*new.record.finding.subject.namespace);
        before.into_iter().chain(after)
    }

    /// Rule and digest of what counted in a bucket until now.
    pub(super) fn before_in_bucket(&self) -> Result<Option<(&str, Digest)>, Failure> {
        let counted = self.before.as_ref().filter(|stored| stored.state != State::Resolved);
        counted.map(|stored| Ok((stored.rule.as_str(), stored.digest()?))).transpose()
    }

    pub(super) fn after_in_bucket(&self) -> Option<(&str, Digest)> {
        self.after.as_ref().map(|new| (&*new.record.finding.rule, new.digest))
    }

    /// What the history says of it; none where only words changed.
    pub(super) fn change(&self) -> Option<ChangeKind> {
        let before = self.before.as_ref().map(|stored| stored.state);
        let after = self.after.as_ref().map_or(State::Resolved, New::state);
        match (before, after) {
            (None, State::Open) => Some(ChangeKind::Opened),
            (Some(State::Resolved), State::Open) => Some(ChangeKind::Reopened),
            (Some(State::Waived), State::Open) => Some(ChangeKind::Unwaived),
            (None | Some(State::Open | State::Resolved), State::Waived) => Some(ChangeKind::Waived),
            (Some(State::Open | State::Waived), State::Resolved) => Some(ChangeKind::Closed),
            (None | Some(State::Resolved), State::Resolved)
            | (Some(State::Open), State::Open)
            | (Some(State::Waived), State::Waived) => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct Transitions<'b> {
    /// In the order of fingerprints.
    pub(super) all: Vec<Transition<'b>>,
    /// What stays of rules that are sent whole because an earlier part of the change has brought it.
    pub(super) kept: Vec<Stored>,
}

pub(super) fn all<'b>(tx: &mut Tx<'_>, cluster: i64, batch: &'b Batch) -> Result<Transitions<'b>, Failure> {
    // The last one of a fingerprint counts.
    let upserts: BTreeMap<String, &Record> = batch.upserts.iter().map(|record| (storable(record), record)).collect();
    let mut wanted: BTreeSet<String> = upserts.keys().cloned().collect();
    wanted.extend(batch.removes.iter().map(|removal| removal.fingerprint.clone()));
    let wanted: Vec<String> = wanted.into_iter().collect();
    let mut stored = Stored::by_fingerprint(tx, cluster, &wanted)?;
    for rule in &batch.replaces {
        stored.extend(Stored::of_rule(tx, cluster, rule)?);
    }
    let mut stored: BTreeMap<String, Stored> =
        stored.into_iter().map(|stored| (stored.fingerprint.clone(), stored)).collect();
    let mut transitions = Vec::new();
    for (fingerprint, record) in upserts {
        let before = stored.remove(&fingerprint);
        let new = New { record, digest: record.digest() };
        let is_same = match &before {
            Some(before) => before.state == new.state() && before.digest()? == new.digest,
            None => false,
        };
        if !is_same {
            transitions.push(Transition { before, after: Some(new) });
        }
    }
    let kept = batch.keeps.iter().filter_map(|fingerprint| stored.remove(fingerprint)).collect();
    let gone = stored.into_values().filter(|stored| stored.state != State::Resolved);
    transitions.extend(gone.map(|stored| Transition { before: Some(stored), after: None }));
    transitions.sort_by(|one, two| one.fingerprint().cmp(two.fingerprint()));
    Ok(Transitions { all: transitions, kept })
}

/// The fingerprint as the database gives it back.
fn storable(record: &Record) -> String {
    record.fingerprint().replace('\0', "\u{fffd}")
}
