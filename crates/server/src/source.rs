//! Clusters that the plane reads itself: folders and snapshots when their files change, contexts as the cluster changes.
//! Of several replicas only the one that leads reads them.

mod context;
mod evaluate;
mod files;
mod sender;
mod settings;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rampart_collect::Target;
use rampart_store::cluster;
use tokio::sync::Semaphore;

use crate::Plane;
use crate::bus::{ChangeKind, Poke};
use crate::options::SourceWord;
use sender::Sender;

/// Evaluations at once; the others wait their turn.
const AT_ONCE: usize = 2;
/// How often a replica that does not lead looks whether it does.
const WAIT: Duration = Duration::from_millis(500);
/// Even where nothing was written: certificates and waivers come to their end by the clock.
const AT_LEAST: Duration = Duration::from_secs(3600);

/// How often the store hears that a source that did not change was looked at.
const STILL_THERE: Duration = Duration::from_secs(60);

/// One `--cluster`.
#[derive(Clone)]
struct Source {
    name: String,
    target: Target,
    turns: Arc<Semaphore>,
}

impl Source {
    fn kind(&self) -> cluster::Source {
        match self.target {
            Target::Context { .. } => cluster::Source::Context,
            _ => cluster::Source::Folder,
        }
    }
}

/// Reads the words of the command line, before anything is started.
///
/// # Errors
/// A source does not exist, or two have one name.
pub(crate) fn parse(words: &[SourceWord], kubeconfig: Option<&Path>) -> Result<Vec<(String, Target)>, String> {
    let mut sources: Vec<(String, Target)> = Vec::new();
    for word in words {
        if sources.iter().any(|(name, _)| *name == word.name) {
            return Err(format!("two sources are called `{}`: give each cluster a name of its own", word.name));
        }
        let target = Target::parse(&word.source, kubeconfig)
            .map_err(|refusal| format!("the source of cluster `{}` cannot be used: {refusal}", word.name))?;
        if target == Target::Stdin {
            return Err(format!("cluster `{}` cannot be read from standard input: name a folder", word.name));
        }
        sources.push((word.name.clone(), target));
    }
    Ok(sources)
}

/// Follows every source until the plane stops.
pub(crate) fn start(plane: &Plane, sources: Vec<(String, Target)>) {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    for (name, target) in sources {
        let source = Source { name, target, turns: Arc::clone(&turns) };
        tokio::spawn(follow(plane.clone(), source));
    }
}

/// Takes the source up each time this replica comes to lead.
async fn follow(plane: Plane, source: Source) {
    while !plane.stop().is_cancelled() {
        if !plane.leads() {
            tokio::select! {
                () = plane.stop().cancelled() => return,
                () = tokio::time::sleep(WAIT) => continue,
            }
        }
        let turn = tokio::spawn(lead(plane.clone(), source.clone()));
        if let Err(error) = turn.await {
            tracing::error!(cluster = source.name, %error, "following a source failed by a defect; it starts anew");
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }
}

/// Until this replica leads no more.
async fn lead(plane: Plane, source: Source) {
    let sender = match Sender::open(&plane, &source).await {
        Ok(sender) => sender,
        Err(error) => {
            tracing::warn!(cluster = source.name, error, "the source cannot be registered yet");
            tokio::time::sleep(Duration::from_secs(2)).await;
            return;
        }
    };
    match &source.target {
        Target::Context { .. } => context::follow(&plane, &source, sender).await,
        _ => files::follow(&plane, &source, sender).await,
    }
}

/// Says why a source could not be read; it stays so until it can.
async fn fail(plane: &Plane, source: &Source, sender: &mut Sender, problem: String) {
    let is_new = sender.problem.as_ref() != Some(&problem);
    if is_new {
        tracing::warn!(cluster = source.name, problem, "the source cannot be read; it is tried again and again");
    }
    // Somebody may have removed the cluster meanwhile.
    match Sender::open(plane, source).await {
        Ok(anew) => *sender = anew,
        Err(error) => tracing::warn!(cluster = source.name, error, "the store cannot be asked"),
    }
    if let Err(error) = sender.failed(plane, &problem).await {
        tracing::warn!(cluster = source.name, error, "and the store could not be told");
    }
    sender.problem = Some(problem);
    if is_new {
        plane.bus().publish(ChangeKind::Cluster, Some(&source.name));
    }
}

/// Reads a source once.
///
/// # Errors
/// It cannot be read, or the store does not answer.
#[cfg(test)]
pub(crate) async fn once(plane: &Plane, name: &str, target: Target) -> Result<(), String> {
    let source = Source { name: name.to_owned(), target, turns: Arc::new(Semaphore::new(AT_ONCE)) };
    let mut sender = Sender::open(plane, &source).await?;
    files::turn(plane, &source, &mut sender).await
}

/// Whether this turn should go on.
fn goes_on(plane: &Plane) -> bool {
    plane.leads() && !plane.stop().is_cancelled()
}

/// Sleeps, but not longer than until somebody pokes.
async fn rest(plane: &Plane, time: Duration) {
    tokio::select! {
        () = plane.stop().cancelled() => {}
        () = plane.bus().poked(Poke::Sources) => {}
        () = tokio::time::sleep(time) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_refused_before_anything_starts() {
        let folder = tempfile::tempdir().unwrap();
        let word = |name: &str, source: &str| SourceWord { name: name.into(), source: source.into() };
        let path = folder.path().to_str().unwrap();
        assert_eq!(parse(&[word("a", path), word("b", "context:kind")], None).unwrap().len(), 2);
        for words in [vec![word("a", "/no/such/folder")], vec![word("a", path), word("a", path)], vec![word("a", "-")]]
        {
            assert!(parse(&words, None).is_err());
        }
    }
}
