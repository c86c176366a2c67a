//! A few threads that parse and hand on, fed by one that knows where the bytes are.
//!
//! Work is taken as it comes, so which thread sees which document is a matter of chance: the caller's states are merged,
//! and nothing that is merged may depend on order. The queue is short, so that a fast source waits for slow readers.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rampart_model::document::{read_documents, read_item};
use rampart_model::{Diagnostic, Document, Name, SourceText};

use crate::file;
use crate::live::{self, LiveItem};
use crate::options::Options;
use crate::snapshot;
use crate::text::{self, Tally};
use crate::watch::Kept;

pub(crate) enum Work {
    /// Small files, to be opened by the reader.
    Files(Vec<PathBuf>),
    /// A text that the user named and that may hold several documents, in YAML or JSON.
    Text(SourceText),
    /// Objects that were cut out of a stream.
    Items(Vec<Item>),
    /// Objects of an API server's answer.
    Live(Vec<LiveItem>),
    /// Objects that a mirror keeps.
    Kept(Vec<Kept>),
    /// Lines of a snapshot.
    Records(Vec<Record>),
}

/// One line of a snapshot.
pub(crate) struct Record {
    /// The snapshot's name and the line's number in it, for complaints.
    pub(crate) file: Name,
    pub(crate) number: u32,
    pub(crate) line: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Yaml,
}

/// One object of a stream.
pub(crate) struct Item {
    pub(crate) source: SourceText,
    pub(crate) position: u32,
    /// apiVersion and kind of a typed list around it.
    pub(crate) listed_as: Option<(Name, Name)>,
    pub(crate) form: Form,
}

/// Where the feeding thread puts work.
pub(crate) struct Feed(SyncSender<Work>);

impl Feed {
    /// Waits while the queue is full.
    pub(crate) fn put(&self, work: Work) {
        // It fails only after every reader panicked, which `run` then passes on.
        let _ = self.0.send(work);
    }
}

/// Runs `feed` on this thread and readers beside it; returns every reader's state, and what they have seen.
pub(crate) fn run<S: Send, R>(
    options: &Options,
    start: impl Fn() -> S + Sync,
    take: impl Fn(&mut S, &Document) + Sync,
    feed: impl FnOnce(&Feed) -> R,
) -> (R, Vec<S>, Tally) {
    let (sender, receiver) = sync_channel(options.threads.get() * 2);
    let queue = Arc::new(Mutex::new(receiver));
    let reader = |queue: Arc<Mutex<Receiver<Work>>>| {
        let (mut state, mut tally) = (start(), Tally::default());
        while let Some(work) = next(&queue) {
            perform(work, options, &mut tally, &mut |document| take(&mut state, document));
        }
        (state, tally)
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..options.threads.get())
            .map(|_| {
                let queue = Arc::clone(&queue);
                scope.spawn(move || reader(queue))
            })
            .collect();
        // Only readers hold the queue now: should all of them panic, the feeding side is refused and does not wait.
        drop(queue);
        let result = feed(&Feed(sender));
        let (mut states, mut tally) = (Vec::new(), Tally::default());
        for reader in readers {
            match reader.join() {
                Ok((state, theirs)) => {
                    states.push(state);
                    tally.merge(theirs);
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        (result, states, tally)
    })
}

fn next(queue: &Mutex<Receiver<Work>>) -> Option<Work> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn perform(work: Work, options: &Options, tally: &mut Tally, take: &mut dyn FnMut(&Document)) {
    match work {
        Work::Files(paths) => {
            for path in paths {
                let name = file::name(&path);
                let text = file::open(&path).and_then(|(file, size)| file::read_text(file, size, options.file_bytes));
                match text {
                    Ok(text) if file::is_json(&path) && !text::mentions_objects(&text) => tally.skipped += 1,
                    Ok(text) => text::read(SourceText::new(name, text), false, &options.limits, tally, take),
                    Err(message) => tally.diagnostics.push(Diagnostic::lost(name, message)),
                }
            }
        }
        Work::Text(source) => text::read(source, true, &options.limits, tally, take),
        Work::Items(items) => {
            for item in items {
                read_one(item, options, tally, take);
            }
        }
        Work::Live(items) => {
            for item in items {
                match live::read(item, &options.limits) {
                    Ok(document) => tally.deliver(&document, take),
                    Err(error) => tally.diagnostics.push(error),
                }
            }
        }
        Work::Kept(objects) => {
            for object in objects {
                match object.document(&options.limits) {
                    Ok(document) => tally.deliver(&document, take),
                    Err(error) => tally.diagnostics.push(error),
                }
            }
        }
        Work::Records(records) => {
            for record in records {
                match snapshot::read(&record, &options.limits) {
                    Ok(document) => tally.deliver(&document, take),
                    Err(error) => tally.diagnostics.push(error),
                }
            }
        }
    }
}

fn read_one(item: Item, options: &Options, tally: &mut Tally, take: &mut dyn FnMut(&Document)) {
    let Item { source, position, listed_as, form } = item;
    let (documents, errors) = match form {
        Form::Json => match read_item(source, &options.limits) {
            Ok(document) => (vec![document], Vec::new()),
            Err(error) => (Vec::new(), vec![error]),
        },
        Form::Yaml => read_documents(source, &options.limits),
    };
    tally.diagnostics.extend(errors);
    for document in documents {
        let document = document.at_position(position);
        let document = match &listed_as {
            Some((api_version, kind)) => document.listed_as(Name::clone(api_version), Name::clone(kind)),
            None => document,
        };
        tally.deliver(&document, take);
    }
}
