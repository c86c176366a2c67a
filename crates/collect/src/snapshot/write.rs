//! Writing a snapshot while reading: lines are sorted in runs that fit into memory, and the runs merged at the end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use rampart_model::Document;
use serde_json::json;
use zstd::stream::raw::CParameter;
use zstd::stream::{read::Decoder, write::Encoder};

use super::SCHEMA;
use crate::collected::{Collected, Refusal};

/// Lines held before they are sorted and compressed.
const RUN_BYTES: usize = 16 << 20;

/// What one reading thread has recorded.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    lines: Vec<String>,
    bytes: usize,
    /// Sorted lines, compressed.
    runs: Vec<Vec<u8>>,
}

impl Recorder {
    pub(crate) fn record(&mut self, document: &Document) -> io::Result<()> {
        let line = super::line(document);
        self.bytes += line.len();
        self.lines.push(line);
        if self.bytes >= RUN_BYTES { self.close_run() } else { Ok(()) }
    }

    fn close_run(&mut self) -> io::Result<()> {
        self.bytes = 0;
        let mut lines = std::mem::take(&mut self.lines);
        lines.sort_unstable();
        let mut encoder = Encoder::new(Vec::new(), 1)?;
        // Many runs are open at once when they are merged; a small window keeps each of them small.
        encoder.set_parameter(CParameter::WindowLog(18))?;
        for line in lines {
            encoder.write_all(line.as_bytes())?;
            encoder.write_all(b"\n")?;
        }
        self.runs.push(encoder.finish()?);
        Ok(())
    }

    fn into_runs(mut self) -> io::Result<Vec<Vec<u8>>> {
        self.close_run()?;
        Ok(self.runs)
    }
}

/// A snapshot that will stand at its path once it is complete.
#[derive(Debug)]
pub(crate) struct Writer {
    path: PathBuf,
    unfinished: PathBuf,
    file: File,
}

impl Writer {
    /// Makes the file beside its place, so that a path that cannot be written is refused before anything is read.
    pub(crate) fn create(path: &Path) -> Result<Self, Refusal> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.unfinished", std::process::id()));
        let unfinished = path.with_file_name(name);
        let file = create_private(&unfinished).map_err(|error| cannot_write(path, &error))?;
        Ok(Self { path: path.to_owned(), unfinished, file })
    }

    pub(crate) fn finish(self, collected: &Collected, recorders: io::Result<Vec<Recorder>>) -> Result<(), Refusal> {
        let Self { path, unfinished, file } = self;
        let written = recorders
            .and_then(|recorders| write(file, collected, recorders))
            .and_then(|()| std::fs::rename(&unfinished, &path));
        written.map_err(|error| {
            abandon(&unfinished);
            cannot_write(&path, &error)
        })
    }

    /// Leaves nothing behind.
    pub(crate) fn abandon(self) {
        abandon(&self.unfinished);
    }
}

fn abandon(unfinished: &Path) {
    // There is nothing more to be done about a file that cannot be removed.
    let _ = std::fs::remove_file(unfinished);
}

fn cannot_write(path: &Path, error: &io::Error) -> Refusal {
    let reason = format!("cannot write the snapshot `{}`: {error}", path.display());
    Refusal::unavailable(reason, "name a file in a folder that can be written")
}

/// Only its owner may read it: it tells all of a cluster but the values of its Secrets.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write(file: File, collected: &Collected, recorders: Vec<Recorder>) -> io::Result<()> {
    let mut encoder = Encoder::new(BufWriter::new(file), 9)?;
    encoder.include_checksum(true)?;
    writeln!(encoder, "{}", header(collected))?;
    let runs: Vec<Vec<u8>> = recorders.into_iter().map(Recorder::into_runs).collect::<io::Result<Vec<_>>>()?.concat();
    let mut inputs = Vec::new();
    let mut heap = BinaryHeap::new();
    for (index, run) in runs.iter().enumerate() {
        inputs.push(BufReader::new(Decoder::new(run.as_slice())?));
        heap.extend(next_line(&mut inputs, index)?.map(|line| Reverse((line, index))));
    }
    while let Some(Reverse((line, index))) = heap.pop() {
        encoder.write_all(&line)?;
        heap.extend(next_line(&mut inputs, index)?.map(|line| Reverse((line, index))));
    }
    encoder.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// The next line of a run with its end; none behind the last.
fn next_line(inputs: &mut [impl BufRead], index: usize) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let Some(input) = inputs.get_mut(index) else { return Ok(None) };
    Ok((input.read_until(b'\n', &mut line)? > 0).then_some(line))
}

fn header(collected: &Collected) -> serde_json::Value {
    let Collected { diagnostics, missed, unseen, server_version, is_cluster, sources, skipped } = collected;
    let diagnostics: Vec<_> = diagnostics
        .iter()
        .map(|one| json!({"source": one.source.as_ref(), "line": one.line, "column": one.column, "message": one.message, "lost": one.lost}))
        .collect();
    let missed: Vec<_> =
        missed.iter().map(|one| json!({"source": one.source, "reason": one.reason, "remedy": one.remedy})).collect();
    json!({
        "schema": SCHEMA,
        "isCluster": is_cluster,
        "serverVersion": server_version.map(|version| version.to_string()),
        "sources": sources,
        "skipped": skipped,
        "unseen": unseen,
        "missed": missed,
        "diagnostics": diagnostics,
    })
}
