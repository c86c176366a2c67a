//! A folder, file or snapshot: looked at from outside several times a second, read when it changed and has come to rest.

use std::time::{Duration, Instant};

use super::sender::Sender;
use super::{AT_LEAST, STILL_THERE, Source, evaluate, fail, goes_on, rest, settings};
use crate::Plane;

/// Between two looks. Files are at rest when two looks see the same.
const LOOK: Duration = Duration::from_millis(250);
/// Looks take no more than this part of the time, however large the folder is.
const SHARE: u32 = 20;

/// All that decides what an evaluation gives, but for the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    files: Option<u64>,
    settings: Vec<Option<std::time::SystemTime>>,
}

pub(super) async fn follow(plane: &Plane, source: &Source, mut sender: Sender) {
    let mut evaluated: Option<(Seen, u64, Instant)> = None;
    let mut before: Option<Seen> = None;
    let mut retry = Duration::from_secs(1);
    let mut told = Instant::now();
    while goes_on(plane) {
        let start = Instant::now();
        let Some(seen) = look(plane, source).await else { return };
        let took = start.elapsed();
        let is_at_rest = before.as_ref() == Some(&seen) || evaluated.is_none();
        before = Some(seen.clone());
        // A store that does not answer is no reason not to look again.
        let desired = sender.desired(plane).await.unwrap_or_default();
        let is_due = match &evaluated {
            None => true,
            Some((old, version, at)) => (*old != seen && is_at_rest) || *version != desired || at.elapsed() > AT_LEAST,
        };
        if is_due {
            match turn(plane, source, &mut sender).await {
                Ok(()) => {
                    evaluated = Some((seen, desired, Instant::now()));
                    retry = Duration::from_secs(1);
                    told = Instant::now();
                }
                Err(problem) => {
                    fail(plane, source, &mut sender, problem).await;
                    rest(plane, retry).await;
                    retry = (retry * 2).min(Duration::from_secs(30));
                }
            }
        }
        if evaluated.is_some() && told.elapsed() > STILL_THERE {
            // Where the store does not answer, the next turn says so.
            let _ = sender.seen(plane).await;
            told = Instant::now();
        }
        rest(plane, LOOK.max(took * SHARE)).await;
    }
}

async fn look(plane: &Plane, source: &Source) -> Option<Seen> {
    let (target, named) = (source.target.clone(), plane.options().settings.clone());
    let looked = tokio::task::spawn_blocking(move || Seen {
        files: rampart_collect::trace(&target),
        settings: settings::trace(&settings::files(&named, &target)),
    });
    looked.await.ok()
}

pub(super) async fn turn(plane: &Plane, source: &Source, sender: &mut Sender) -> Result<(), String> {
    // The semaphore is never closed.
    let _place = source.turns.acquire().await.map_err(|error| error.to_string())?;
    let wanted = sender.wanted(plane, &source.target).await?;
    let (target, name) = (source.target.clone(), source.name.clone());
    let start = Instant::now();
    let evaluated = tokio::task::spawn_blocking(move || evaluate::files(&target, &name, &wanted)).await;
    let evaluated = evaluated.map_err(|_| "the evaluation failed by a defect; the log says where".to_owned());
    plane.metrics().evaluated(&source.name, start.elapsed(), matches!(evaluated, Ok(Ok(_))));
    sender.send(plane, evaluated??).await
}
