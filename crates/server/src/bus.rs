//! Who must know at once that something changed: reconcilers and the pages that people look at.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::{broadcast, watch};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Evaluation,
    Finding,
    Waiver,
    Agent,
    Cluster,
    Delivery,
    Status,
}

/// What a page needs to decide whether to ask again. It holds no data of a tenant but the cluster's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ChangeEvent {
    pub kind: ChangeKind,
    pub cluster: Option<String>,
    #[schema(value_type = String)]
    pub at: Timestamp,
}

/// Events in the order of their happening. A listener that falls behind loses the oldest and is told so.
#[derive(Debug, Clone)]
pub struct Bus {
    events: broadcast::Sender<ChangeEvent>,
    pokes: Arc<Pokes>,
}

/// How often each was poked.
#[derive(Debug, Default)]
struct Pokes {
    sources: watch::Sender<u64>,
    schedules: watch::Sender<u64>,
    deliveries: watch::Sender<u64>,
    desired: watch::Sender<u64>,
}

/// What can be asked to look again before its time comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poke {
    /// Sources that the plane reads itself.
    Sources,
    /// What happens by the clock.
    Schedules,
    /// The outbox of notifications.
    Deliveries,
    /// Agents that wait to be told something.
    Desired,
}

const WAITING_EVENTS: usize = 1024;

impl Bus {
    pub fn new() -> Self {
        Self { events: broadcast::Sender::new(WAITING_EVENTS), pokes: Arc::default() }
    }

    pub fn publish(&self, kind: ChangeKind, cluster: Option<&str>) {
        // Nobody listening is no error.
        let _ = self.events.send(ChangeEvent { kind, cluster: cluster.map(str::to_owned), at: Timestamp::now() });
    }

    pub fn subscribe(&self) -> broadcast::Receiver<ChangeEvent> {
        self.events.subscribe()
    }

    /// Asks everybody who does this to look again. What is asked while they look is not lost.
    pub fn poke(&self, what: Poke) {
        self.sender(what).send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Changes with every poke from now on.
    pub fn pokes(&self, what: Poke) -> watch::Receiver<u64> {
        self.sender(what).subscribe()
    }

    /// Waits until somebody pokes. A poke before this call is missed: whoever may not miss one keeps [`Bus::pokes`].
    pub async fn poked(&self, what: Poke) {
        // The sender lives as long as the bus.
        let _ = self.pokes(what).changed().await;
    }

    fn sender(&self, what: Poke) -> &watch::Sender<u64> {
        match what {
            Poke::Sources => &self.pokes.sources,
            Poke::Schedules => &self.pokes.schedules,
            Poke::Deliveries => &self.pokes.deliveries,
            Poke::Desired => &self.pokes.desired,
        }
    }
}

impl Default for Bus {
    fn default() -> Self {
        Self::new()
    }
}
