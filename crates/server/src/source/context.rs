//! A cluster behind a context of a kubeconfig: followed by watches, judged again a moment after it changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rampart_collect::{Mirror, Target, WatchOptions};

use super::sender::Sender;
use super::{AT_LEAST, STILL_THERE, Source, evaluate, fail, goes_on, rest};
use crate::Plane;
use crate::bus::Poke;

/// What changes within this time is judged at once: a rollout touches many objects.
const REST: Duration = Duration::from_millis(500);
/// How long after a change that people made it may take until it is seen.
const LOOK: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

pub(super) async fn follow(plane: &Plane, source: &Source, mut sender: Sender) {
    let mut wait = Duration::from_secs(1);
    while goes_on(plane) {
        match connect(plane, source).await {
            Ok(mirror) => {
                wait = Duration::from_secs(1);
                watch(plane, source, &mut sender, Arc::new(mirror)).await;
            }
            Err(problem) => {
                fail(plane, source, &mut sender, problem).await;
                rest(plane, wait.min(plane.options().rescan)).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

async fn connect(plane: &Plane, source: &Source) -> Result<Mirror, String> {
    let Target::Context { name, kubeconfig } = &source.target else {
        return Err("this is no context".to_owned());
    };
    let options = WatchOptions { poll: plane.options().rescan, ..WatchOptions::new() };
    let started = Mirror::start(name.as_deref(), kubeconfig.as_deref(), options).await;
    started.map_err(|refusal| refusal.to_string())
}

/// Until this replica leads no more.
async fn watch(plane: &Plane, source: &Source, sender: &mut Sender, mirror: Arc<Mirror>) {
    tokio::select! {
        () = plane.stop().cancelled() => return,
        () = mirror.ready() => {}
    }
    if let Ok(uid) = mirror.cluster_uid().await
        && let Err(error) = sender.is_cluster(plane, &uid).await
    {
        tracing::warn!(cluster = source.name, error, "the cluster's uid could not be kept");
    }
    let mut revision = mirror.revision();
    let mut evaluated: Option<(u64, u64, Instant)> = None;
    let mut told = Instant::now();
    while goes_on(plane) {
        let seen = *revision.borrow_and_update();
        let desired = sender.desired(plane).await.unwrap_or_default();
        let is_due =
            evaluated.is_none_or(|(old, version, at)| old != seen || version != desired || at.elapsed() > AT_LEAST);
        if is_due {
            match turn(plane, source, sender, &mirror).await {
                Ok(()) => {
                    evaluated = Some((seen, desired, Instant::now()));
                    told = Instant::now();
                }
                Err(problem) => {
                    fail(plane, source, sender, problem).await;
                    rest(plane, Duration::from_secs(2)).await;
                }
            }
        }
        if evaluated.is_some() && told.elapsed() > STILL_THERE {
            let _ = sender.seen(plane).await;
            told = Instant::now();
        }
        tokio::select! {
            () = plane.stop().cancelled() => return,
            () = plane.bus().poked(Poke::Sources) => {}
            changed = revision.changed() => {
                if changed.is_err() {
                    return;
                }
                tokio::time::sleep(REST).await;
            }
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn turn(plane: &Plane, source: &Source, sender: &mut Sender, mirror: &Arc<Mirror>) -> Result<(), String> {
    let _place = source.turns.acquire().await.map_err(|error| error.to_string())?;
    let wanted = sender.wanted(plane, &source.target).await?;
    let (mirror, name) = (Arc::clone(mirror), source.name.clone());
    let start = Instant::now();
    let evaluated = tokio::task::spawn_blocking(move || evaluate::mirror(&mirror, &name, &wanted)).await;
    let evaluated = evaluated.map_err(|_| "the evaluation failed by a defect; the log says where".to_owned());
    plane.metrics().evaluated(&source.name, start.elapsed(), matches!(evaluated, Ok(Ok(_))));
    sender.send(plane, evaluated??).await
}
