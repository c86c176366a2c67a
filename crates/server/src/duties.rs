//! What the plane does by the clock, beside answering: leading, looking at itself, ending waivers, forgetting what is old.

use std::time::Duration;

use jiff::SignedDuration;
use rampart_store::retention::{self, Keep};
use rampart_store::{Engine, lease, waiver};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio::sync::Mutex;

use crate::bus::{ChangeKind, Poke};
use crate::plane::blocking;
use crate::reconcile::{LEASE, Reconciler, start};
use crate::tls::Tls;
use crate::{Plane, fleet, health, trust};

/// The lease of the replica that leads.
const LEAD: &str = "plane";
const LEAD_EVERY: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(3);
/// How long what is over is kept.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Starts them all.
pub(crate) fn begin(plane: &Plane, tls: Option<Tls>) {
    let each = |name, every| Reconciler { name, every: Duration::from_secs(every), poke: None, alone: false };
    start(plane, Reconciler { every: LEAD_EVERY, ..each("lead", 2) }, lead);
    start(plane, each("health", 5), |plane| async move {
        health::check(&plane).await;
        Ok(())
    });
    if let Some(tls) = tls {
        let tls = std::sync::Arc::new(Mutex::new(tls));
        start(plane, each("certificate", 30), move |plane| {
            let tls = std::sync::Arc::clone(&tls);
            async move { renew(&plane, &mut *tls.lock().await).await }
        });
    }
    let states = fleet::States::default();
    start(plane, each("fleet", 15), move |plane| fleet::look(plane, states.clone()));
    if plane.store().engine() == Engine::Postgres {
        let heard = fleet::Heard::default();
        start(plane, each("news", 1), move |plane| fleet::hear(plane, heard.clone()));
    }
    let waivers = Reconciler { poke: Some(Poke::Schedules), alone: true, ..each("waivers", 30) };
    start(plane, waivers, end_waivers);
    start(plane, Reconciler { alone: true, ..each("retention", 600) }, forget);
}

/// Takes or keeps the lead, and says that this replica is there.
async fn lead(plane: Plane) -> Result<(), String> {
    let (holder, now) = (plane.replica().to_owned(), plane.now());
    let asked = plane.write(move |tx| {
        let replicas = lease::present(tx, &holder, LEASE, now)?;
        Ok((lease::try_lead(tx, LEAD, &holder, LEASE, now)?, replicas))
    });
    match tokio::time::timeout(ANSWER, asked).await {
        Ok(Ok((leads, replicas))) => {
            plane.set_leads(leads);
            plane.health().set_replicas(replicas);
            Ok(())
        }
        // Another one may lead by the time that the store answers again.
        Ok(Err(problem)) => {
            plane.set_leads(false);
            Err(problem.message)
        }
        Err(_) => {
            plane.set_leads(false);
            Err("the store does not answer".to_owned())
        }
    }
}

/// Lets another replica lead at once.
pub(crate) async fn resign(plane: &Plane) {
    plane.set_leads(false);
    let holder = plane.replica().to_owned();
    let resigned = plane.write(move |tx| lease::resign(tx, LEAD, &holder));
    if let Ok(Err(problem)) = tokio::time::timeout(ANSWER, resigned).await {
        tracing::warn!(%problem, "the lead could not be given back; it ends by itself");
    }
}

async fn renew(plane: &Plane, tls: &mut Tls) -> Result<(), String> {
    let others = trust::authorities(plane).await.map_err(|problem| problem.message)?;
    let others = others.iter().filter_map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).ok()).collect();
    tls.refresh(plane.authority(), others, plane.now())?;
    plane.set_certificate_end(tls.not_after());
    Ok(())
}

async fn end_waivers(plane: Plane) -> Result<(), String> {
    let now = plane.now();
    let ended = plane.write(move |tx| waiver::expire::expire(tx, now)).await.map_err(|problem| problem.message)?;
    if !ended.is_empty() {
        tracing::info!(count = ended.len(), "waivers came to their end");
        plane.bus().publish(ChangeKind::Waiver, None);
        plane.bus().poke(Poke::Sources);
        plane.bus().poke(Poke::Desired);
    }
    Ok(())
}

/// Once a day, whichever replica leads.
async fn forget(plane: Plane) -> Result<(), String> {
    let now = plane.now();
    let is_due = plane.write(move |tx| lease::take_turn(tx, "retention", DAY, now)).await;
    if !is_due.map_err(|problem| problem.message)? {
        return Ok(());
    }
    let swept = plane.write(move |tx| rampart_store::sweep::sweep(tx, now)).await.map_err(|problem| problem.message)?;
    let store = plane.store().clone();
    let forgotten = blocking(move || retention::forget(&store, Keep::default(), now));
    let forgotten = forgotten.await.map_err(|problem| problem.message)?;
    tracing::info!(swept, forgotten, "what is over was forgotten");
    Ok(())
}
