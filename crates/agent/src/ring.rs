//! Batches that the plane has not acknowledged yet, on disk: they survive this process, and a plane that is away.
//!
//! One file to which is appended: batches and acknowledgements, each with a checksum. What a crash or a broken disk has
//! spoilt is cut off at the first record that is not whole. The size is bounded: a batch that has no room is refused, and
//! the caller settles with the plane by digests instead. Where the disk takes nothing, batches wait in memory.

mod record;

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use record::{HEAD_BYTES, Head, Kind};

pub struct Ring {
    path: PathBuf,
    file: File,
    /// Bytes of the file.
    end: u64,
    waiting: VecDeque<Entry>,
    /// Bytes of the waiting batches.
    live: u64,
    limit: u64,
    next: u64,
    has_complained: bool,
}

struct Entry {
    number: u64,
    place: Place,
}

enum Place {
    Disk { offset: u64, length: u32 },
    Memory(Vec<u8>),
}

/// There is no room for the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl Ring {
    /// Opens or makes the ring of a folder. The text says what was cut off, if anything was.
    ///
    /// # Errors
    /// The file can be neither read nor made.
    pub fn open(folder: &Path, limit: u64) -> Result<(Self, Option<String>), String> {
        let path = folder.join("unsent.ring");
        let failed = |error: io::Error| format!("cannot use `{}`: {error}", path.display());
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let mut ring = Self {
            file: file.map_err(failed)?,
            end: 0,
            waiting: VecDeque::new(),
            live: 0,
            limit,
            next: 1,
            has_complained: false,
            path: path.clone(),
        };
        let damage = ring.recover().map_err(failed)?;
        Ok((ring, damage))
    }

    /// Reads all records and cuts the file off behind the last that is whole.
    fn recover(&mut self) -> io::Result<Option<String>> {
        let length = self.file.metadata()?.len();
        self.file.seek(SeekFrom::Start(0))?;
        let mut reader = io::BufReader::new(&self.file);
        let (mut offset, mut spoilt) = (0u64, false);
        while offset < length {
            let mut head = [0; HEAD_BYTES];
            let read = reader.read_exact(&mut head).ok().and_then(|()| Head::read(&head));
            let left = length - offset;
            let Some(head) = read.filter(|head| u64::from(head.length) <= left) else {
                spoilt = true;
                break;
            };
            let mut body = vec![0; usize::try_from(head.length).unwrap_or(0)];
            if reader.read_exact(&mut body).is_err() || !head.is_of(&body) {
                spoilt = true;
                break;
            }
            let begin = offset + HEAD_BYTES as u64;
            match head.kind {
                Kind::Batch => {
                    let place = Place::Disk { offset: begin, length: head.length };
                    self.waiting.push_back(Entry { number: head.number, place });
                    self.live += u64::from(head.length);
                }
                Kind::Acknowledged => {
                    let (acknowledged, left) = std::mem::take(&mut self.waiting)
                        .into_iter()
                        .partition::<VecDeque<_>, _>(|entry| entry.number <= head.number);
                    self.live -= acknowledged.iter().map(Entry::length).sum::<u64>();
                    self.waiting = left;
                }
            }
            self.next = self.next.max(head.number.saturating_add(1));
            offset = begin + u64::from(head.length);
        }
        self.end = offset;
        if !spoilt {
            return Ok(None);
        }
        self.file.set_len(offset)?;
        self.file.sync_all()?;
        Ok(Some(format!(
            "{} bytes of `{}` are spoilt and were cut off; {} batches before them are whole",
            length - offset,
            self.path.display(),
            self.waiting.len()
        )))
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Adds a batch.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn push(&mut self, body: Vec<u8>) -> Result<(), Full> {
        let length = body.len() as u64;
        if self.live.saturating_add(length) > self.limit {
            return Err(Full);
        }
        let number = self.next;
        self.next = self.next.saturating_add(1);
        self.live += length;
        let place = match self.write(Kind::Batch, number, &body) {
            Ok(offset) => Place::Disk { offset, length: u32::try_from(body.len()).unwrap_or(0) },
            Err(error) => {
                if !std::mem::replace(&mut self.has_complained, true) {
                    tracing::warn!(path = %self.path.display(), %error, "unsent batches wait in memory: the disk takes none");
                }
                Place::Memory(body)
            }
        };
        self.waiting.push_back(Entry { number, place });
        Ok(())
    }

    /// The oldest batch and its number.
    ///
    /// # Errors
    /// It can no longer be read: [`Ring::clear`] and settle by digests.
    pub fn first(&mut self) -> Result<Option<(u64, Vec<u8>)>, String> {
        let Some(entry) = self.waiting.front() else { return Ok(None) };
        let (offset, length) = match &entry.place {
            Place::Memory(body) => return Ok(Some((entry.number, body.clone()))),
            Place::Disk { offset, length } => (*offset, *length),
        };
        let number = entry.number;
        let mut head = [0; HEAD_BYTES];
        let mut body = vec![0; usize::try_from(length).unwrap_or(0)];
        let read = self
            .file
            .seek(SeekFrom::Start(offset.saturating_sub(HEAD_BYTES as u64)))
            .and_then(|_| self.file.read_exact(&mut head))
            .and_then(|()| self.file.read_exact(&mut body));
        match read {
            Ok(()) if Head::read(&head).is_some_and(|head| head.number == number && head.is_of(&body)) => {
                Ok(Some((number, body)))
            }
            Ok(()) => Err(format!("a batch in `{}` is spoilt", self.path.display())),
            Err(error) => Err(format!("cannot read `{}`: {error}", self.path.display())),
        }
    }

    /// Forgets a batch and all before it.
    pub fn acknowledge(&mut self, number: u64) {
        while self.waiting.front().is_some_and(|entry| entry.number <= number) {
            if let Some(entry) = self.waiting.pop_front() {
                self.live = self.live.saturating_sub(entry.length());
            }
        }
        if self.waiting.is_empty() {
            self.truncate();
        } else if self.write(Kind::Acknowledged, number, &[]).is_ok() && self.end / 2 > self.live.max(1 << 20) {
            self.compact();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.live = 0;
        self.truncate();
    }

    fn truncate(&mut self) {
        // A file that keeps old batches costs room, and each of them an idempotent repetition.
        if self.file.set_len(0).is_ok() {
            self.end = 0;
            self.has_complained = false;
        }
    }

    /// Appends a record; returns where its body begins.
    fn write(&mut self, kind: Kind, number: u64, body: &[u8]) -> io::Result<u64> {
        let length = u32::try_from(body.len()).map_err(io::Error::other)?;
        let head = Head::of(kind, number, length, body);
        let begin = self.end;
        let written = self
            .file
            .seek(SeekFrom::Start(begin))
            .and_then(|_| self.file.write_all(&head.bytes()))
            .and_then(|()| self.file.write_all(body))
            .and_then(|()| if kind == Kind::Batch { self.file.sync_data() } else { Ok(()) });
        if let Err(error) = written {
            // What is half written must not stand before what comes next.
            let _ = self.file.set_len(begin);
            return Err(error);
        }
        self.end = begin + HEAD_BYTES as u64 + body.len() as u64;
        Ok(begin + HEAD_BYTES as u64)
    }

    /// Writes what still waits into a new file. Where that fails, the old one goes on.
    fn compact(&mut self) {
        let part = self.path.with_extension("part");
        let rewritten = (|| {
            let options = OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(&part);
            let mut fresh = Self {
                path: self.path.clone(),
                file: options?,
                end: 0,
                waiting: VecDeque::new(),
                live: 0,
                limit: self.limit,
                next: self.next,
                has_complained: self.has_complained,
            };
            for entry in &self.waiting {
                let place = match &entry.place {
                    Place::Memory(body) => Place::Memory(body.clone()),
                    Place::Disk { offset, length } => {
                        let mut body = vec![0; usize::try_from(*length).unwrap_or(0)];
                        self.file.seek(SeekFrom::Start(*offset))?;
                        self.file.read_exact(&mut body)?;
                        let offset = fresh.write(Kind::Batch, entry.number, &body)?;
                        Place::Disk { offset, length: *length }
                    }
                };
                fresh.live += entry.length();
                fresh.waiting.push_back(Entry { number: entry.number, place });
            }
            std::fs::rename(&part, &self.path)?;
            Ok::<_, io::Error>(fresh)
        })();
        match rewritten {
            Ok(fresh) => *self = fresh,
            Err(error) => tracing::debug!(%error, "the ring could not be written anew"),
        }
    }
}

impl Entry {
    fn length(&self) -> u64 {
        match &self.place {
            Place::Disk { length, .. } => u64::from(*length),
            Place::Memory(body) => body.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests;
