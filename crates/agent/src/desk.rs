//! What the evaluating side and the sending side share: what the plane will hold once everything in the ring is sent.
//!
//! While that is known, changes go into the ring as they happen. Where it is not (after a start, after a quarrel, after
//! the ring had no room), the latest state waits for the sender to settle with the plane by digests.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rampart_protocol::part::PART_BYTES;
use rampart_protocol::{Batch, Held, State, Sync, codec, version};
use tokio::sync::Notify;

use crate::ring::Ring;

pub struct Desk {
    inner: Mutex<Inner>,
    /// Rung where there is something to send.
    pub to_send: Notify,
    /// Rung where the sender needs a fresh evaluation.
    pub to_evaluate: Notify,
}

struct Inner {
    ring: Ring,
    epoch: String,
    sequence: u64,
    /// None: to be settled by digests.
    held: Option<Held>,
    /// Kept only until it is settled.
    pending: Option<Arc<State>>,
    /// Rules that the plane asked for again.
    resync: BTreeSet<String>,
}

impl Desk {
    pub fn new(ring: Ring, epoch: String) -> Self {
        let inner = Inner { ring, epoch, sequence: 0, held: None, pending: None, resync: BTreeSet::new() };
        Self { inner: Mutex::new(inner), to_send: Notify::new(), to_evaluate: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over a fresh evaluation. True where something is to be sent.
    pub fn evaluated(&self, state: State, now: Timestamp) -> bool {
        let is_news = self.lock().evaluated(state, now);
        if is_news {
            self.to_send.notify_one();
        }
        is_news
    }

    /// The oldest batch that is not acknowledged.
    pub fn first(&self) -> Option<(u64, Vec<u8>)> {
        let mut inner = self.lock();
        match inner.ring.first() {
            Ok(first) => first,
            Err(why) => {
                tracing::warn!(%why, "unsent batches are lost; settling with the plane by digests");
                inner.unsettle();
                drop(inner);
                self.to_evaluate.notify_one();
                None
            }
        }
    }

    pub fn waiting(&self) -> usize {
        self.lock().ring.len()
    }

    /// The plane has the batch, and all before it; of `resync` it holds something else than it should.
    pub fn acknowledged(&self, number: u64, resync: &[String]) {
        let mut inner = self.lock();
        inner.ring.acknowledge(number);
        if !resync.is_empty() {
            inner.resync.extend(resync.iter().cloned());
            self.to_evaluate.notify_one();
        }
    }

    /// The plane will never take what is in the ring: forget it and settle by digests.
    pub fn quarrel(&self) {
        self.lock().unsettle();
        self.to_evaluate.notify_one();
    }

    /// What to settle with the plane, if anything; only once the ring is sent.
    pub fn to_settle(&self) -> Option<(Arc<State>, Sync)> {
        let inner = self.lock();
        if inner.held.is_some() || !inner.ring.is_empty() {
            return None;
        }
        let state = Arc::clone(inner.pending.as_ref()?);
        let sync = Sync {
            protocol: version::CURRENT,
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            epoch: inner.epoch.clone(),
            summary: state.summary.digest(),
            buckets: state.buckets(),
        };
        Some((state, sync))
    }

    /// The plane holds `state` but for these rules.
    pub fn settled(&self, state: &State, resync: &[String], wants_summary: bool, now: Timestamp) {
        let mut inner = self.lock();
        inner.held = Some(Held::of(state));
        inner.resync.clear();
        let whole = Batch::replacing(state, resync, wants_summary);
        let latest = inner.pending.take();
        let is_kept = inner.enqueue(whole, now);
        // What was evaluated since comes behind it.
        if let Some(latest) = latest.filter(|latest| !is_kept || **latest != *state) {
            if is_kept {
                inner.change(&latest, now);
            } else {
                inner.unsettle();
            }
            if inner.held.is_none() {
                inner.pending = Some(latest);
            }
        }
        drop(inner);
        self.to_send.notify_one();
    }
}

impl Inner {
    fn evaluated(&mut self, state: State, now: Timestamp) -> bool {
        if self.held.is_none() {
            self.pending = Some(Arc::new(state));
            return true;
        }
        let is_news = self.change(&state, now);
        if self.held.is_none() {
            self.pending = Some(Arc::new(state));
        }
        is_news
    }

    /// Puts what changed, and what the plane asked for again, into the ring.
    fn change(&mut self, state: &State, now: Timestamp) -> bool {
        let batch = Batch::since(self.held.as_ref(), state);
        let resync: Vec<String> = std::mem::take(&mut self.resync).into_iter().collect();
        let is_news = !batch.is_empty() || !resync.is_empty();
        if !batch.is_empty() {
            self.held = Some(Held::of(state));
        }
        let again = (!resync.is_empty()).then(|| Batch::replacing(state, &resync, true));
        if !self.enqueue(batch, now) || !again.is_none_or(|again| self.enqueue(again, now)) {
            tracing::warn!("the ring of unsent batches is full: older ones are dropped, digests will settle it");
            self.unsettle();
        }
        is_news
    }

    /// Numbers the parts of a batch and puts them into the ring; false where there is no room.
    fn enqueue(&mut self, batch: Batch, now: Timestamp) -> bool {
        if batch.is_empty() {
            return true;
        }
        for mut part in batch.parts(PART_BYTES) {
            self.sequence = self.sequence.saturating_add(1);
            part.epoch.clone_from(&self.epoch);
            part.sequence = self.sequence;
            part.at = now.to_string();
            let is_kept = match codec::encode(&part) {
                Ok(body) => self.ring.push(body).is_ok(),
                Err(why) => {
                    tracing::error!(%why, "a batch cannot be sent");
                    false
                }
            };
            if !is_kept {
                return false;
            }
        }
        true
    }

    fn unsettle(&mut self) {
        self.ring.clear();
        self.held = None;
        self.resync.clear();
    }
}

#[cfg(test)]
mod tests;
