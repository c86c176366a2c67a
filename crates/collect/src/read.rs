//! A target to its documents.

use std::path::{Path, PathBuf};

use rampart_model::{Diagnostic, Document, SourceText};

use crate::collected::{Collected, Refusal};
use crate::options::Options;
use crate::pool::{self, Feed, Work};
use crate::target::Target;
use crate::{file, folder};

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
    match target {
        Target::Folder(path) => Ok(feed_folder(path, feed)),
        Target::File(path) => feed_file(path, options, feed),
        Target::Stdin => feed_stdin(options, feed),
        Target::Context { .. } | Target::Snapshot(_) => {
            Err(Refusal::usage(format!("cannot read `{target}` yet"), "scan a folder, a file or `-`"))
        }
    }
}

fn feed_folder(root: &Path, feed: &Feed) -> Collected {
    let listing = folder::list(root);
    for paths in listing.files.chunks(BATCH) {
        feed.put(Work::Files(paths.iter().map(PathBuf::clone).collect()));
    }
    Collected { diagnostics: listing.diagnostics, ..Collected::default() }
}

fn feed_file(path: &Path, options: &Options, feed: &Feed) -> Result<Collected, Refusal> {
    let mut collected = Collected::default();
    let text = file::open(path).and_then(|(file, size)| file::read_text(file, size, options.file_bytes));
    match text {
        Ok(text) => feed.put(Work::Texts(vec![SourceText::new(file::name(path), text)])),
        Err(message) => collected.diagnostics.push(Diagnostic::lost(file::name(path), message)),
    }
    Ok(collected)
}

fn feed_stdin(options: &Options, feed: &Feed) -> Result<Collected, Refusal> {
    let text = file::read_text(std::io::stdin().lock(), 0, options.file_bytes);
    let text = text.map_err(|message| Refusal::usage(format!("standard input: {message}"), "feed it YAML or JSON"))?;
    feed.put(Work::Texts(vec![SourceText::new("-", text)]));
    Ok(Collected::default())
}
