//! Signs of life: collected here and written together, so that a fleet that asks every half minute costs little.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rampart_store::agent::{self, Agent};
use rampart_store::cluster;

use crate::Plane;

/// How old what is written may be. A cluster is late after three times as long.
const COARSE: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<HashMap<String, Sign>>);

#[derive(Debug, Clone)]
struct Sign {
    cluster: i64,
    version: String,
    protocol: u32,
    seen: Timestamp,
    written: Option<Timestamp>,
}

impl Presence {
    /// Heard of an agent; `said` is its version and protocol, where it said them.
    pub(super) fn seen(&self, agent: &Agent, said: Option<(&str, u32)>, now: Timestamp) {
        let mut signs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sign = signs.entry(agent.id.clone()).or_insert_with(|| Sign {
            cluster: agent.cluster_id,
            version: agent.version.clone(),
            protocol: agent.protocol,
            seen: now,
            written: None,
        });
        sign.seen = now;
        if let Some((version, protocol)) = said {
            let version: String = version.chars().take(100).collect();
            if sign.version != version || sign.protocol != protocol {
                (sign.version, sign.protocol, sign.written) = (version, protocol, None);
            }
        }
    }

    fn due(&self, now: Timestamp) -> Vec<(String, Sign)> {
        let mut signs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        signs.retain(|_, sign| now.duration_since(sign.seen) < COARSE.saturating_mul(10));
        let is_due = |sign: &Sign| {
            sign.written.is_none_or(|written| sign.seen > written && now.duration_since(written) >= COARSE)
        };
        signs.iter().filter(|(_, sign)| is_due(sign)).map(|(id, sign)| (id.clone(), sign.clone())).collect()
    }

    fn written(&self, ids: &[String], now: Timestamp) {
        let mut signs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            if let Some(sign) = signs.get_mut(id) {
                sign.written = Some(now);
            }
        }
    }
}

/// One turn of writing down who was heard of.
pub(crate) async fn write(plane: Plane) -> Result<(), String> {
    let now = plane.now();
    let mut due = plane.agents().presence.due(now);
    if due.is_empty() {
        return Ok(());
    }
    // Two replicas lock rows in the same order.
    due.sort_by(|(one, _), (other, _)| one.cmp(other));
    let ids: Vec<String> = due.iter().map(|(id, _)| id.clone()).collect();
    let wrote = plane.write(move |tx| {
        for (id, sign) in &due {
            agent::seen(tx, id, &sign.version, sign.protocol, sign.seen)?;
        }
        let clusters: Vec<(i64, Timestamp)> = due.iter().map(|(_, sign)| (sign.cluster, sign.seen)).collect();
        cluster::seen(tx, &clusters)?;
        Ok(())
    });
    wrote.await.map_err(|problem| problem.message)?;
    plane.agents().presence.written(&ids, now);
    Ok(())
}
