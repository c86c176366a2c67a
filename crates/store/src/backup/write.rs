//! Writing a backup, as of one moment, whatever happens in the meantime.

use std::io::{BufWriter, Write};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::backup::catalogue::{self, Layout};
use crate::backup::line::{self, Any};
use crate::backup::{End, FORMAT, Header, Summary, Table};
use crate::failure::Failure;
use crate::store::Store;
use crate::tx::{self, Tx};
use crate::value::Value;
use crate::{hex, json};

/// Rows held at once.
const STEP: usize = 500;
const LEVEL: i32 = 6;

/// Writes and flushes the whole backup. What was written is of no use where this fails.
///
/// # Errors
/// The database fails, or `out` does.
pub fn write(store: &Store, out: impl Write, now: Timestamp) -> Result<Summary, Failure> {
    let zstd = zstd::stream::write::Encoder::new(out, LEVEL).map_err(|error| cannot(&error))?;
    let mut file = Some(File { out: BufWriter::new(zstd), hash: Sha256::new() });
    let (file, summary) = store.read(|tx| {
        // The store runs a transaction again after a lost connection; half a file is written by then.
        let file = file.take().ok_or_else(|| Failure::other("the connection broke during the backup: start again"))?;
        dump(tx, file, now)
    })?;
    let end = End { rows: summary.rows, sha256: hex::encode(&file.hash.finalize()) };
    let mut out = file.out;
    let finish = || {
        writeln!(out, "{}", serde_json::to_string(&end)?)?;
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.finish()?.flush()
    };
    finish().map_err(|error| cannot(&error))?;
    Ok(summary)
}

struct File<W: Write> {
    out: BufWriter<W>,
    hash: Sha256,
}

impl<W: Write> File<W> {
    fn line(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let mut text = json::write(value)?;
        text.push('\n');
        self.hash.update(text.as_bytes());
        self.out.write_all(text.as_bytes()).map_err(|error| cannot(&error))
    }
}

fn dump<W: Write>(tx: &mut Tx<'_>, mut file: File<W>, now: Timestamp) -> Result<(File<W>, Summary), Failure> {
    file.line(&Header { format: FORMAT.to_owned(), written: now, steps: catalogue::steps(tx)? })?;
    let mut summary = Summary { tables: 0, rows: 0 };
    for layout in catalogue::layouts(tx)? {
        file.line(&Table { table: layout.name.clone(), columns: layout.columns.clone() })?;
        summary.rows += rows(tx, &layout, &mut file)?;
        summary.tables += 1;
    }
    Ok((file, summary))
}

fn rows<W: Write>(tx: &mut Tx<'_>, layout: &Layout, file: &mut File<W>) -> Result<u64, Failure> {
    let (key, columns) = (quoted(&layout.key), quoted(&layout.columns));
    let head = format!("SELECT {key}, {columns} FROM \"{}\"", layout.name);
    let first = format!("{head} ORDER BY {key} LIMIT {STEP}");
    let further = format!("{head} WHERE ({key}) > ({}) ORDER BY {key} LIMIT {STEP}", tx::list(1, layout.key.len()));
    let (mut count, mut last) = (0, Vec::<Value<'static>>::new());
    loop {
        let sql = if last.is_empty() { &first } else { &further };
        let step = tx.query(sql, &last, |row| {
            let take = |count: usize, row: &mut crate::row::Row| -> Result<Vec<_>, Failure> {
                (0..count).map(|_| row.take::<Any>().map(|any| any.0)).collect()
            };
            Ok((take(layout.key.len(), row)?, take(layout.columns.len(), row)?))
        })?;
        let is_last = step.len() < STEP;
        for (key, cells) in step {
            let cells: Vec<_> = cells.iter().map(line::to_json).collect();
            file.line(&cells)?;
            count += 1;
            last = key;
        }
        if is_last {
            return Ok(count);
        }
    }
}

pub(super) fn quoted(columns: &[String]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

fn cannot(error: &std::io::Error) -> Failure {
    Failure::other(format!("cannot write the backup: {error}"))
}
