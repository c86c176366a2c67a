//! Reading a snapshot: a file that anyone may have made, so everything is bounded.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Take};
use std::path::Path;
use std::sync::Arc;

use rampart_model::{Diagnostic, Document, Limits, Name, SourceText, Value};
use zstd::stream::read::Decoder;

use super::{SCHEMA, record};
use crate::collected::{Collected, Missed, Refusal};
use crate::file;
use crate::options::Options;
use crate::pool::{Feed, Record, Work};
use crate::stream::PIECE_BYTES;

/// Text that is handed to a reader at a time.
const BATCH_BYTES: usize = 256 << 10;

/// Bytes of one line: an object, and its text with every character escaped.
const LINE_BYTES: u64 = 2 * PIECE_BYTES as u64;

/// The largest window that a reader must keep, as a power of two: 32 MiB.
const WINDOW_LOG: u32 = 25;

/// Feeds the documents of a snapshot and takes over what it says of the whole.
pub(crate) fn feed(path: &Path, options: &Options, feed: &Feed, collected: &mut Collected) -> Result<(), Refusal> {
    let name = Name::from(file::name(path));
    let (mut lines, head) = open(path, options)?;
    *collected = head;
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for number in 2.. {
        match next_line(&mut lines) {
            Ok(Some(line)) => {
                bytes += line.len();
                batch.push(Record { file: Name::clone(&name), number, line });
                if bytes >= BATCH_BYTES {
                    bytes = 0;
                    feed.put(Work::Records(std::mem::take(&mut batch)));
                }
            }
            Ok(None) => break,
            Err(why) => {
                let message = format!("{why}; the rest of the snapshot is not read, save it again");
                collected.diagnostics.push(Diagnostic {
                    line: number,
                    column: 1,
                    ..Diagnostic::lost(Name::clone(&name), message)
                });
                break;
            }
        }
    }
    feed.put(Work::Records(batch));
    if lines.get_ref().limit() == 0 {
        let message = format!("longer than {} bytes; the rest of the snapshot is not read", options.stream_bytes);
        collected.diagnostics.push(Diagnostic::lost(name, message));
    }
    Ok(())
}

/// What a snapshot says of the whole.
pub(crate) fn head(path: &Path, options: &Options) -> Result<Collected, Refusal> {
    open(path, options).map(|(_, head)| head)
}

type Lines = BufReader<Take<Decoder<'static, BufReader<File>>>>;

/// The lines behind the first, and the first.
fn open(path: &Path, options: &Options) -> Result<(Lines, Collected), Refusal> {
    let refuse = |why: &str| {
        Refusal::usage(
            format!("`{}` is no snapshot that can be read: {why}", path.display()),
            "save it again with `--save-snapshot`",
        )
    };
    let (file, _) = file::open(path).map_err(|why| refuse(&why))?;
    let mut decoder = Decoder::new(file).map_err(|error| refuse(&error.to_string()))?;
    decoder.window_log_max(WINDOW_LOG).map_err(|error| refuse(&error.to_string()))?;
    let mut lines = BufReader::with_capacity(256 << 10, decoder.take(options.stream_bytes));
    let head = next_line(&mut lines).map_err(|why| refuse(&why))?.ok_or_else(|| refuse("it is empty"))?;
    let head = header(&head).map_err(|why| refuse(&why))?;
    Ok((lines, head))
}

/// A line without its end; none behind the last.
fn next_line(lines: &mut impl BufRead) -> Result<Option<String>, String> {
    let mut line = Vec::new();
    lines.take(LINE_BYTES).read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => String::from_utf8(line).map(Some).map_err(|_| "it is not UTF-8 text".to_owned()),
        Some(_) if line.len() as u64 + 1 == LINE_BYTES => Err(format!("a line is longer than {LINE_BYTES} bytes")),
        Some(_) => Err("it ends in the middle of a line".to_owned()),
    }
}

fn header(line: &str) -> Result<Collected, String> {
    let document = Document::from_json(Arc::new(SourceText::new("", line)), &Limits::STANDARD)
        .map_err(|error| format!("its first line is {}", error.message))?;
    let root = document.root();
    match root.text_at(&["schema"]) {
        Some(SCHEMA) => {}
        Some(other) => return Err(format!("its schema is `{other}` and not `{SCHEMA}`")),
        None => return Err(format!("its first line does not name the schema `{SCHEMA}`")),
    }
    let number = |value: Value<'_>, key: &str| value.field(key).and_then(Value::u64).unwrap_or(0);
    let place = |value: Value<'_>, key: &str| u32::try_from(number(value, key)).unwrap_or(u32::MAX);
    let text = |value: Value<'_>, key: &str| value.text_at(&[key]).unwrap_or_default().to_owned();
    let list = |key: &str| root.field(key).into_iter().flat_map(Value::items);
    Ok(Collected {
        diagnostics: list("diagnostics")
            .map(|one| Diagnostic {
                source: Name::from(text(one, "source")),
                line: place(one, "line"),
                column: place(one, "column"),
                message: text(one, "message"),
                lost: one.bool_at(&["lost"]).unwrap_or(true),
            })
            .collect(),
        missed: list("missed")
            .map(|one| Missed { source: text(one, "source"), reason: text(one, "reason"), remedy: text(one, "remedy") })
            .collect(),
        unseen: root
            .field("unseen")
            .into_iter()
            .flat_map(Value::entries)
            .map(|(kind, why)| (kind.to_owned(), why.str().unwrap_or_default().to_owned()))
            .collect(),
        server_version: root.text_at(&["serverVersion"]).and_then(|version| version.parse().ok()),
        is_cluster: root.bool_at(&["isCluster"]).unwrap_or(false),
        sources: number(root, "sources"),
        skipped: number(root, "skipped"),
    })
}

/// The document of one line, read by whichever thread has time.
pub(crate) fn read(record: &Record, limits: &Limits) -> Result<Document, Diagnostic> {
    record::document(&record.line, limits).map_err(|why| Diagnostic {
        line: record.number,
        column: 1,
        ..Diagnostic::lost(
            Name::clone(&record.file),
            format!("a document of the snapshot cannot be read: {why}; save it again"),
        )
    })
}
