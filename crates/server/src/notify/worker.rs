//! The worker behind the outbox. Every replica has one: the lease of a piece, not of the worker, keeps them apart.

use std::time::Duration;

use jiff::SignedDuration;
use rampart_store::delivery::send::{Claim, bury, claim};
use rampart_store::delivery::{State as Stage, list};

use super::message::Message;
use super::{Outcome, Sender, settings};
use crate::Plane;
use crate::bus::{ChangeKind, Poke};
use crate::reconcile::{Reconciler, start as reconcile};

/// Longer than any attempt: who holds a piece for so long is gone.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
const EVERY: Duration = Duration::from_secs(5);
/// Pieces of one turn, so that a turn ends and the worker shows that it runs.
const MOST: usize = 200;

/// Starts the worker of this replica.
pub(crate) fn start(plane: &Plane) {
    let reconciler = Reconciler { name: "deliveries", every: EVERY, poke: Some(Poke::Deliveries), alone: false };
    reconcile(plane, reconciler, turn);
}

/// Sends what is due.
pub(super) async fn turn(plane: Plane) -> Result<(), String> {
    let now = plane.now();
    let settings = plane
        .write(move |tx| {
            bury(tx, now)?;
            settings::read(tx)
        })
        .await
        .map_err(|problem| problem.message)?;
    let sender = Sender::new(settings)?;
    for _ in 0..MOST {
        if plane.stop().is_cancelled() {
            break;
        }
        let (holder, now) = (plane.replica().to_owned(), plane.now());
        let claimed = plane.write(move |tx| claim(tx, &holder, LEASE, now)).await.map_err(|problem| problem.message)?;
        let Some(claimed) = claimed else { break };
        one(&plane, &sender, claimed).await?;
        plane.bus().publish(ChangeKind::Delivery, None);
    }
    let counts = plane.read(|tx| Ok((list::count(tx, Stage::Pending)?, list::count(tx, Stage::Dead)?))).await;
    if let Ok((pending, dead)) = counts {
        plane.metrics().queue("deliveries", pending);
        plane.metrics().queue("dead_letters", dead);
    }
    Ok(())
}

async fn one(plane: &Plane, sender: &Sender, claim: Claim) -> Result<(), String> {
    let claim = std::sync::Arc::new(claim);
    let (held, now) = (std::sync::Arc::clone(&claim), plane.now());
    // Noted before it goes out: who dies from here on leaves a dead letter, not a second message.
    if let Err(problem) = plane.write(move |tx| held.begin(tx, now)).await {
        tracing::info!(%problem, "a delivery is left to another sender");
        return Ok(());
    }
    let message = Message::of(&claim.pieces, plane.options().public_url.clone());
    let outcome = sender.send(&claim.route, plane.sign_in().seal(), &message, now.as_second()).await;
    let now = plane.now();
    // Receivers that come back are not met by all that waits at the same instant.
    let later = now.saturating_add(SignedDuration::from_millis(jitter())).unwrap_or(now);
    if let Outcome::Later(why) | Outcome::Never(why) = &outcome {
        tracing::warn!(route = claim.route.id, why, "a delivery did not arrive");
    }
    let noted = plane.write(move |tx| match &outcome {
        Outcome::Sent => claim.sent(tx, now),
        Outcome::Later(why) => claim.failed(tx, why, later),
        Outcome::Never(why) => claim.give_up(tx, why, now),
    });
    noted.await.map_err(|problem| problem.message)
}

/// Up to ten seconds.
fn jitter() -> i64 {
    use ring::rand::{SecureRandom, SystemRandom};
    let mut bytes = [0; 2];
    // Without random numbers nothing is spread, and nothing is lost.
    let _ = SystemRandom::new().fill(&mut bytes);
    i64::from(u16::from_le_bytes(bytes)) * 10_000 / i64::from(u16::MAX)
}
