//! How the fleet fares, for the metrics; and news for the pages: a cluster that went late, what another replica did.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rampart_store::pulse::{self, Pulse};
use rampart_store::{Scope, cluster, delivery};

use crate::Plane;
use crate::bus::{ChangeKind, Poke};
use crate::metrics::FleetMember;

/// The states of clusters at the last look.
#[derive(Debug, Clone, Default)]
pub(crate) struct States(Arc<Mutex<BTreeMap<String, &'static str>>>);

/// Counts the fleet, and tells of clusters whose state changed by the clock alone.
pub(crate) async fn look(plane: Plane, states: States) -> Result<(), String> {
    let now = plane.now();
    let (members, pending) = plane
        .read(move |tx| {
            let (mut members, mut cursor) = (Vec::new(), None::<String>);
            loop {
                let step = cluster::list(tx, &Scope::all(), cursor.as_deref(), rampart_store::page::LARGEST, now)?;
                members.extend(step.items.into_iter().map(member));
                cursor = step.next;
                if cursor.is_none() {
                    return Ok((members, delivery::list::count(tx, delivery::State::Pending)?));
                }
            }
        })
        .await
        .map_err(|problem| problem.message)?;
    plane.metrics().fleet(&members);
    plane.metrics().queue("deliveries", pending);
    let seen: BTreeMap<String, &'static str> = members.into_iter().map(|member| (member.name, member.state)).collect();
    let before = std::mem::replace(&mut *states.0.lock().unwrap_or_else(PoisonError::into_inner), seen.clone());
    for (name, state) in &seen {
        if before.get(name).is_some_and(|before| before != state) {
            tracing::info!(cluster = name, state, "the state of a cluster changed");
            plane.bus().publish(ChangeKind::Cluster, Some(name));
        }
    }
    Ok(())
}

fn member(brief: cluster::ClusterBrief) -> FleetMember {
    let counts = brief.counts;
    FleetMember {
        name: brief.name,
        state: brief.state.id(),
        score: brief.score,
        counts: [
            ("critical", counts.critical),
            ("high", counts.high),
            ("medium", counts.medium),
            ("low", counts.low),
            ("info", counts.info),
        ],
    }
}

/// How far this replica has heard.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Option<Pulse>>>);

/// Tells this replica's pages what any replica did.
pub(crate) async fn hear(plane: Plane, heard: Heard) -> Result<(), String> {
    let before = *heard.0.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = plane.read(move |tx| match before {
        Some(before) => pulse::since(tx, before),
        None => Ok((pulse::pulse(tx)?, pulse::News::default())),
    });
    let (now, news) = asked.await.map_err(|problem| problem.message)?;
    *heard.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    for name in &news.evaluated {
        plane.bus().publish(ChangeKind::Evaluation, Some(name));
    }
    for name in &news.changed {
        plane.bus().publish(ChangeKind::Finding, Some(name));
    }
    if news.acted {
        plane.bus().publish(ChangeKind::Waiver, None);
        plane.bus().poke(Poke::Sources);
        plane.bus().poke(Poke::Desired);
    }
    Ok(())
}
