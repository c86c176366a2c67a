//! From a source's state to the store: by digests at first, by changes from then on, as an agent does it.

use jiff::Timestamp;
use rampart_collect::Target;
use rampart_protocol::batch::Batch;
use rampart_protocol::held::Held;
use rampart_protocol::{State, Sync, version};
use rampart_store::{Failure, Store, Tx, cluster, desired, setting, waiver};

use super::evaluate::Wanted;
use super::{Source, settings};
use crate::bus::{ChangeKind, Poke};
use crate::plane::{blocking, random_word};
use crate::{Plane, Problem};

pub(super) struct Sender {
    name: String,
    /// Of the cluster in the store.
    id: i64,
    epoch: String,
    sequence: u64,
    /// What the store is known to hold; none where that has to be found out.
    held: Option<Held>,
    /// Why the source could not be read the last time.
    pub problem: Option<String>,
}

/// What the store took in.
struct Taken {
    held: Held,
    sequence: u64,
    records: u64,
    drift: usize,
    changed: bool,
}

impl Sender {
    pub async fn open(plane: &Plane, source: &Source) -> Result<Self, String> {
        let (name, kind, detail) = (source.name.clone(), source.kind(), source.target.to_string());
        let now = plane.now();
        let id = plane.write(move |tx| cluster::ensure(tx, &name, kind, &detail, now)).await.map_err(sentence)?;
        Ok(Self { name: source.name.clone(), id, epoch: random_word()?, sequence: 0, held: None, problem: None })
    }

    /// The version of what people decided for this cluster.
    pub async fn desired(&self, plane: &Plane) -> Result<u64, String> {
        let id = self.id;
        plane.read(move |tx| desired::version(tx, id)).await.map_err(sentence)
    }

    /// What people decided for this cluster, and the files that they wrote.
    pub async fn wanted(&self, plane: &Plane, target: &Target) -> Result<Wanted, String> {
        let (name, now) = (self.name.clone(), plane.now());
        let decided = move |tx: &mut Tx<'_>| {
            let waivers = waiver::read::approved_for(tx, &name, now)?;
            Ok((waivers, setting::get(tx, desired::ALLOWED_REGISTRIES)?.unwrap_or_default()))
        };
        let (waivers, registries) = plane.read(decided).await.map_err(sentence)?;
        Ok(Wanted {
            files: settings::files(&plane.options().settings, target),
            waivers: waivers.iter().map(waiver::Waiver::to_model).collect(),
            registries,
            now,
            rules: plane.rules().to_vec(),
        })
    }

    /// Brings the store to this state and tells who listens.
    pub async fn send(&mut self, plane: &Plane, state: State) -> Result<(), String> {
        let (store, now) = (plane.store().clone(), plane.now());
        let (id, epoch, sequence) = (self.id, self.epoch.clone(), self.sequence);
        // Taken out: after a failure nobody knows what the store holds.
        let held = self.held.take();
        let taken =
            blocking(move || take_in(&store, id, &epoch, sequence, held, &state, now)).await.map_err(sentence)?;
        self.sequence = taken.sequence;
        self.held = Some(taken.held);
        self.problem = None;
        if taken.changed {
            plane.metrics().ingested("plane", taken.records);
            plane.bus().publish(ChangeKind::Evaluation, Some(&self.name));
        }
        if taken.drift > 0 {
            plane.bus().publish(ChangeKind::Finding, Some(&self.name));
            plane.bus().poke(Poke::Deliveries);
        }
        Ok(())
    }

    /// Says that the source was looked at and is as it was.
    pub async fn seen(&self, plane: &Plane) -> Result<(), String> {
        let (id, now) = (self.id, plane.now());
        plane.write(move |tx| cluster::seen(tx, &[(id, now)])).await.map(drop).map_err(sentence)
    }

    pub async fn failed(&mut self, plane: &Plane, problem: &str) -> Result<(), String> {
        let (id, problem) = (self.id, problem.to_owned());
        plane.write(move |tx| cluster::failed(tx, id, &problem)).await.map(drop).map_err(sentence)
    }

    pub async fn is_cluster(&self, plane: &Plane, uid: &str) -> Result<(), String> {
        let (id, uid) = (self.id, uid.to_owned());
        plane.write(move |tx| cluster::bind(tx, id, &uid)).await.map_err(sentence)
    }
}

fn sentence(problem: Problem) -> String {
    problem.message
}

fn take_in(
    store: &Store,
    id: i64,
    epoch: &str,
    sequence: u64,
    held: Option<Held>,
    state: &State,
    now: Timestamp,
) -> Result<Taken, Failure> {
    let after = Held::of(state);
    let mut taken = Taken { held: after, sequence, records: 0, drift: 0, changed: false };
    let mut batch = match held {
        Some(held) => Batch::since(Some(&held), state),
        None => {
            let asked = Sync {
                protocol: version::CURRENT,
                agent_version: String::new(),
                epoch: epoch.to_owned(),
                summary: taken.held.summary,
                buckets: taken.held.buckets(),
            };
            let answer = store.read(|tx| rampart_store::sync::compare(tx, id, &asked))?;
            Batch::replacing(state, &answer.resync, answer.wants_summary)
        }
    };
    // A second round settles what the store holds differently; a third would find the same again.
    for _ in 0..2 {
        if batch.is_empty() {
            break;
        }
        taken.sequence += 1;
        batch.sequence = taken.sequence;
        epoch.clone_into(&mut batch.epoch);
        batch.at = now.to_string();
        let ingested = store.ingest(id, &batch, now)?;
        taken.records += u64::try_from(batch.upserts.len() + batch.removes.len()).unwrap_or(u64::MAX);
        taken.drift += ingested.drift.len();
        taken.changed |= ingested.changed;
        batch = Batch::replacing(state, &ingested.ack.resync, false);
        if ingested.ack.resync.is_empty() {
            break;
        }
    }
    store.write(|tx| cluster::seen(tx, &[(id, now)]))?;
    Ok(taken)
}
