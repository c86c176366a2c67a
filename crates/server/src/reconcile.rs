//! Work that is done again and again until the world is as it should be: on a schedule, and when somebody pokes. Each turn
//! is safe to repeat; one that fails or panics is logged and tried again.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::SignedDuration;

use crate::Plane;
use crate::bus::Poke;

/// What to do and when.
pub(crate) struct Reconciler {
    pub name: &'static str,
    pub every: Duration,
    pub poke: Option<Poke>,
    /// True where only one of several replicas may do it.
    pub alone: bool,
}

/// How long a replica leads without saying so again: what a killed one leaves undone for at most.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(6);

/// Runs until the plane stops.
pub(crate) fn start<F, W>(plane: &Plane, reconciler: Reconciler, work: F)
where
    F: Fn(Plane) -> W + Send + Sync + 'static,
    W: Future<Output = Result<(), String>> + Send + 'static,
{
    let plane = plane.clone();
    tokio::spawn(async move {
        let Reconciler { name, every, poke, alone } = reconciler;
        let patience = SignedDuration::try_from(every * 3)
            .unwrap_or(SignedDuration::MAX)
            .saturating_add(SignedDuration::from_mins(2));
        let mut failures = 0_u32;
        let mut pokes = poke.map(|poke| plane.bus().pokes(poke));
        loop {
            // A replica that does not lead is in time as well.
            plane.health().beat(name, patience, plane.now());
            if !alone || plane.leads() {
                match AssertUnwindSafe(work(plane.clone())).catch_unwind().await {
                    Ok(Ok(())) => failures = 0,
                    Ok(Err(error)) => {
                        failures += 1;
                        tracing::warn!(reconciler = name, error, failures, "a turn failed and will be tried again");
                    }
                    Err(_) => {
                        failures += 1;
                        tracing::error!(reconciler = name, failures, "a turn panicked and will be tried again");
                    }
                }
            }
            let poked = async {
                match &mut pokes {
                    // The bus lives as long as the plane.
                    Some(pokes) => drop(pokes.changed().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = plane.stop().cancelled() => break,
                () = tokio::time::sleep(pause(every, failures)) => {}
                () = poked => {}
            }
        }
    });
}

/// A failed turn is tried again soon, and ever later while it goes on failing.
fn pause(every: Duration, failures: u32) -> Duration {
    if failures == 0 {
        return every;
    }
    let back_off = Duration::from_secs(1_u64 << failures.min(6));
    back_off.min(every.max(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    #[test]
    fn a_failed_turn_is_tried_again_sooner_than_the_next_is_due() {
        let hour = Duration::from_secs(3600);
        assert_eq!(super::pause(hour, 0), hour);
        assert_eq!(super::pause(hour, 1), Duration::from_secs(2));
        assert_eq!(super::pause(hour, 50), Duration::from_secs(64));
        assert_eq!(super::pause(Duration::from_secs(5), 9), Duration::from_secs(5));
    }
}
