//! Who must know at once that something changed: reconcilers and the pages that people look at.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::{Notify, broadcast};

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

#[derive(Debug, Default)]
struct Pokes {
    sources: Notify,
    schedules: Notify,
    deliveries: Notify,
}

/// What can be asked to look again before its time comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poke {
    /// Sources that the plane reads itself: waivers or settings changed.
    Sources,
    /// What happens by the clock.
    Schedules,
    /// The outbox of notifications.
    Deliveries,
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

    /// Asks once; asking again before the answer changes nothing.
    pub fn poke(&self, what: Poke) {
        self.notify(what).notify_one();
    }

    /// Waits until somebody pokes.
    pub async fn poked(&self, what: Poke) {
        self.notify(what).notified().await;
    }

    fn notify(&self, what: Poke) -> &Notify {
        match what {
            Poke::Sources => &self.pokes.sources,
            Poke::Schedules => &self.pokes.schedules,
            Poke::Deliveries => &self.pokes.deliveries,
        }
    }
}

impl Default for Bus {
    fn default() -> Self {
        Self::new()
    }
}
