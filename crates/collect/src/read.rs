//! A target to its documents.

use std::io;
use std::path::{Path, PathBuf};

use rampart_model::{Diagnostic, Document, Name};

use crate::collected::{Collected, Refusal};
use crate::options::Options;
use crate::pool::{self, Feed, Work};
use crate::snapshot::{self, Recorder, Writer};
use crate::target::Target;
use crate::text::Tally;
use crate::{cluster, folder, render, stream};

/// Complaints about one source that are kept.
const SHOWN_OF_A_SOURCE: usize = 20;

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
    let snapshot = options.snapshot.as_deref().map(Writer::create).transpose()?;
    let is_recorded = snapshot.is_some();
    let begin = || (start(), Recorder::default(), Ok(()));
    let each = |(state, recorder, recorded): &mut (S, Recorder, io::Result<()>), document: &Document| {
        take(state, document);
        if is_recorded && recorded.is_ok() {
            *recorded = recorder.record(document);
        }
    };
    let (fed, parts, tally) = pool::run(options, begin, each, |feed| self::feed(target, options, feed));
    let collected = match fed {
        Ok(collected) => account(collected, tally),
        Err(refusal) => {
            snapshot.into_iter().for_each(Writer::abandon);
            return Err(refusal);
        }
    };
    let (mut states, mut recorders) = (Vec::new(), Vec::new());
    for (state, recorder, recorded) in parts {
        states.push(state);
        recorders.push(recorded.map(|()| recorder));
    }
    if let Some(snapshot) = snapshot {
        snapshot.finish(&collected, recorders.into_iter().collect())?;
    }
    Ok((collected, states))
}

/// What the feeding thread and the readers have to say, in order.
pub(crate) fn account(mut collected: Collected, tally: Tally) -> Collected {
    collected.sources += tally.sources;
    collected.skipped += tally.skipped;
    collected.diagnostics.extend(tally.diagnostics);
    collected.diagnostics.sort();
    collected.diagnostics.dedup();
    collected.diagnostics = shorten(collected.diagnostics);
    collected.missed.sort();
    collected
}

/// Keeps the first few complaints about each source: a stream that is broken throughout has as many as lines.
fn shorten(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept = Vec::with_capacity(diagnostics.len().min(1024));
    for of_one in diagnostics.chunk_by(|one, next| one.source == next.source) {
        kept.extend(of_one.iter().take(SHOWN_OF_A_SOURCE).cloned());
        let rest = of_one.get(SHOWN_OF_A_SOURCE..).unwrap_or_default();
        if let Some(first) = rest.first() {
            let message = format!("and {} more like these from here on; mend them first", rest.len());
            let lost = rest.iter().any(|one| one.lost);
            kept.push(Diagnostic { message, lost, ..first.clone() });
        }
    }
    kept
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
        Target::Snapshot(path) => snapshot::feed(path, options, feed, &mut collected)?,
    }
    Ok(collected)
}

fn feed_folder(root: &Path, options: &Options, feed: &Feed, collected: &mut Collected) {
    let mut listing = folder::list(root);
    collected.diagnostics.append(&mut listing.diagnostics);
    let mut plan = render::plan(&mut listing);
    feed_files(std::mem::take(&mut plan.files), options, feed, collected);
    let left = render::feed(plan, options, feed, collected);
    feed_files(left, options, feed, collected);
}

fn feed_files(files: Vec<(PathBuf, u64)>, options: &Options, feed: &Feed, collected: &mut Collected) {
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
