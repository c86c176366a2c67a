//! Reading a backup into an empty database: first all of it is checked, then all of it is stored or nothing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::audit::verify::{Verified, verify};
use crate::backup::catalogue::{self, Layout};
use crate::backup::write::quoted;
use crate::backup::{End, FORMAT, Header, Summary, Table, line};
use crate::database::{Access, Database};
use crate::failure::Failure;
use crate::tx::Tx;
use crate::value::Value;
use crate::{hex, migrations, values};

/// The longest line.
const LONGEST: u64 = 256 << 20;
/// Rows held at once.
const STEP: usize = 256;
/// A new database has a row there.
const SEEDED: &str = "audit_head";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub tables: u64,
    pub rows: u64,
    /// The trail as it is now: it was backed up as it was, intact or not.
    pub trail: Verified,
}

/// `open` gives the file from its beginning each time it is called.
///
/// # Errors
/// The file is damaged or of a newer release, or the database is not empty or fails. Then nothing is stored.
pub fn restore<R: Read>(url: &str, open: impl Fn() -> std::io::Result<R>) -> Result<Restored, Failure> {
    let read = || open().map_err(|error| Failure::other(format!("cannot read the backup: {error}")));
    let header = check(read()?)?;
    let database = Database::open(url)?;
    migrations::refuse_unknown(&header.steps)?;
    refuse_used(&database, &header.steps)?;
    migrations::run_some(&database, &|number| header.steps.contains(&number))?;
    let summary = database.run(Access::Write, &mut |tx| {
        tx.lock("migration")?;
        let layouts = catalogue::layouts(tx)?;
        refuse_rows(tx, &layouts)?;
        load(tx, &layouts, read()?)
    })?;
    migrations::run(&database)?;
    let trail = database.run(Access::Read, &mut |tx| verify(tx))?;
    Ok(Restored { tables: summary.tables, rows: summary.rows, trail })
}

/// Reads all of it, so that nothing is stored of a file that is damaged further on.
fn check(file: impl Read) -> Result<Header, Failure> {
    let mut lines = Lines::open(file)?;
    let header = lines.header()?;
    while lines.next()?.is_some() {}
    Ok(header)
}

fn refuse_used(database: &Database, steps: &[u32]) -> Result<(), Failure> {
    let applied = migrations::applied(database)?;
    if applied.iter().all(|step| steps.contains(step)) {
        return Ok(());
    }
    Err(Failure::conflict("the database was used by a newer release than the backup: name a new, empty one"))
}

fn refuse_rows(tx: &mut Tx<'_>, layouts: &[Layout]) -> Result<(), Failure> {
    for layout in layouts {
        let sql = match layout.name.as_str() {
            SEEDED => "SELECT seq FROM audit_head WHERE seq > 0".to_owned(),
            name => format!("SELECT 1 FROM \"{name}\" LIMIT 1"),
        };
        if !tx.query(&sql, values![], |_| Ok(()))?.is_empty() {
            return Err(Failure::conflict(format!(
                "the database is not empty: the table `{}` has rows; name a new, empty one",
                layout.name
            )));
        }
    }
    Ok(())
}

fn load(tx: &mut Tx<'_>, layouts: &[Layout], file: impl Read) -> Result<Summary, Failure> {
    let known: BTreeMap<&str, &Layout> = layouts.iter().map(|layout| (layout.name.as_str(), layout)).collect();
    let mut lines = Lines::open(file)?;
    lines.header()?;
    let mut summary = Summary { tables: 0, rows: 0 };
    let mut table: Option<Filling> = None;
    while let Some(next) = lines.next()? {
        match next {
            Line::Table(named) => {
                if let Some(mut done) = table.take() {
                    done.flush(tx)?;
                    catalogue::advance(tx, done.layout)?;
                }
                let layout = known
                    .get(named.table.as_str())
                    .filter(|layout| named.columns.iter().all(|column| layout.columns.contains(column)));
                let layout = layout.ok_or_else(|| damaged("it has a table that this release does not know"))?;
                table = Some(Filling::of(layout, &named.columns));
                summary.tables += 1;
            }
            Line::Row(cells) => {
                let filling = table.as_mut().ok_or_else(|| damaged("it has a row without a table"))?;
                filling.push(tx, cells)?;
                summary.rows += 1;
            }
        }
    }
    if let Some(mut done) = table {
        done.flush(tx)?;
        catalogue::advance(tx, done.layout)?;
    }
    Ok(summary)
}

/// A table while it is filled.
struct Filling<'l> {
    layout: &'l Layout,
    head: String,
    tail: String,
    width: usize,
    rows: Vec<Vec<Value<'static>>>,
}

impl<'l> Filling<'l> {
    fn of(layout: &'l Layout, columns: &[String]) -> Self {
        let head = format!("INSERT INTO \"{}\" ({})", layout.name, quoted(columns));
        let tail = if layout.name == SEEDED {
            let set: Vec<String> =
                columns.iter().map(|column| format!("\"{column}\" = excluded.\"{column}\"")).collect();
            format!("ON CONFLICT ({}) DO UPDATE SET {}", quoted(&layout.key), set.join(", "))
        } else {
            String::new()
        };
        Self { layout, head, tail, width: columns.len(), rows: Vec::new() }
    }

    fn push(&mut self, tx: &mut Tx<'_>, cells: Vec<Json>) -> Result<(), Failure> {
        if cells.len() != self.width {
            return Err(damaged("it has a row that does not fit its table"));
        }
        let row: Option<Vec<_>> = cells.into_iter().map(line::from_json).collect();
        self.rows.push(row.ok_or_else(|| damaged("it has a value that no backup has"))?);
        if self.rows.len() >= STEP { self.flush(tx) } else { Ok(()) }
    }

    fn flush(&mut self, tx: &mut Tx<'_>) -> Result<(), Failure> {
        if !self.rows.is_empty() {
            tx.insert(&self.head, &self.tail, &self.rows)?;
            self.rows.clear();
        }
        Ok(())
    }
}

enum Line {
    Table(Table),
    Row(Vec<Json>),
}

/// The lines of a backup. The end is reached only where it is the end that was written.
struct Lines<R: Read> {
    reader: BufReader<zstd::stream::read::Decoder<'static, BufReader<R>>>,
    hash: Sha256,
    rows: u64,
}

impl<R: Read> Lines<R> {
    fn open(file: R) -> Result<Self, Failure> {
        let decoder = zstd::stream::read::Decoder::new(file).map_err(|error| unreadable(&error))?;
        Ok(Self { reader: BufReader::new(decoder), hash: Sha256::new(), rows: 0 })
    }

    fn header(&mut self) -> Result<Header, Failure> {
        let text = self.text()?;
        let header: Header =
            serde_json::from_slice(&text).map_err(|_| damaged("it does not begin as a backup does"))?;
        if header.format != FORMAT {
            return Err(Failure::other(format!(
                "this release reads backups of `{FORMAT}`, not of `{}`: use the release that wrote it",
                header.format.escape_debug()
            )));
        }
        self.hash.update(&text);
        Ok(header)
    }

    fn next(&mut self) -> Result<Option<Line>, Failure> {
        let text = self.text()?;
        let line: Json = serde_json::from_slice(&text).map_err(|_| damaged("a line of it is no JSON"))?;
        let line = match line {
            Json::Array(cells) => {
                self.rows += 1;
                Line::Row(cells)
            }
            other if other.get("table").is_some() => {
                Line::Table(serde_json::from_value(other).map_err(|_| damaged("a line of it names no table"))?)
            }
            other => {
                let end: End = serde_json::from_value(other).map_err(|_| damaged("a line of it is unknown"))?;
                let found = hex::encode(&std::mem::take(&mut self.hash).finalize());
                if end.sha256 != found || end.rows != self.rows {
                    return Err(damaged("its content is not what was written"));
                }
                return Ok(None);
            }
        };
        self.hash.update(&text);
        Ok(Some(line))
    }

    /// The next line with its end.
    fn text(&mut self) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        self.reader.by_ref().take(LONGEST).read_until(b'\n', &mut text).map_err(|error| unreadable(&error))?;
        if text.last() == Some(&b'\n') { Ok(text) } else { Err(damaged("it is cut off")) }
    }
}

fn damaged(why: &str) -> Failure {
    Failure::other(format!("the backup cannot be restored: {why}; take another one"))
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::other(format!("the backup cannot be read: {error}; it is damaged or no backup: take another one"))
}
