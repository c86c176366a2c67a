//! A target to its documents.

use std::path::Path;

use rampart_model::{Document, Name};

use crate::collected::{Collected, Refusal};
use crate::options::Options;
use crate::pool::{self, Feed, Work};
use crate::target::Target;
use crate::{cluster, folder, stream};

/// Files that one reader takes at a time.
const BATCH: usize = 16;

/// Reads every document of a target. Each reading thread has a state of its own, made by `start`, which `take` shows every
/// document that the thread has read; the states come back to be merged. Which thread reads what is left to chance.
///
/// # Errors
/// The target as a whole cannot be read.
pub fn read<S: Send>(
    target: &Target,
    options: &Options,
    start: impl Fn() -> S + Sync,
    take: impl Fn(&mut S, &Document) + Sync,
) -> Result<(Collected, Vec<S>), Refusal> {
    let (fed, states, tally) = pool::run(options, start, take, |feed| self::feed(target, options, feed));
    let mut collected = fed?;
    collected.sources += tally.sources;
    collected.skipped += tally.skipped;
    collected.diagnostics.extend(tally.diagnostics);
    collected.diagnostics.sort();
    collected.diagnostics.dedup();
    collected.missed.sort();
    Ok((collected, states))
}

fn feed(target: &Target, options: &Options, feed: &Feed) -> Result<Collected, Refusal> {
    let mut collected = Collected::default();
    match target {
        Target::Folder(path) => feed_folder(path, options, feed, &mut collected),
        Target::File(path) => stream::feed_file(path, options, feed, &mut collected),
        Target::Stdin => {
            let input = std::io::stdin().lock();
            stream::feed(&Name::from("-"), input, || None, options, feed, &mut collected);
        }
        Target::Context { name, kubeconfig } => {
            cluster::feed(name.as_deref(), kubeconfig.as_deref(), options, feed, &mut collected)?;
        }
        Target::Snapshot(_) => {
            return Err(Refusal::usage(format!("cannot read `{target}` yet"), "scan a folder, a file or `-`"));
        }
    }
    Ok(collected)
}

fn feed_folder(root: &Path, options: &Options, feed: &Feed, collected: &mut Collected) {
    let folder::Listing { files, diagnostics } = folder::list(root);
    collected.diagnostics.extend(diagnostics);
    let mut batch = Vec::new();
    for (path, size) in files {
        if size > stream::WHOLE_BYTES {
            stream::feed_file(&path, options, feed, collected);
            continue;
        }
        batch.push(path);
        if batch.len() == BATCH {
            feed.put(Work::Files(std::mem::take(&mut batch)));
        }
    }
    feed.put(Work::Files(batch));
}
