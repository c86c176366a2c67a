//! The two databases behind one door: where they differ is here and nowhere else.

use std::path::Path;
use std::time::Duration;

use crate::failure::Failure;
use crate::tx::Tx;

mod pool;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use postgres::Postgres;
use sqlite::Sqlite;

const ATTEMPTS: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

pub(crate) enum Database {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

impl Database {
    /// `postgres://..`, `sqlite:PATH` or a path.
    pub(crate) fn open(url: &str) -> Result<Self, Failure> {
        match Self::file(url) {
            None => Postgres::open(url).map(Box::new).map(Self::Postgres),
            Some(path) if path.as_os_str().is_empty() || path.to_string_lossy().contains("://") => {
                Err(Failure::other("unknown kind of database: write `postgres://..`, `sqlite:FILE` or a path"))
            }
            Some(path) => Sqlite::open(path).map(Self::Sqlite),
        }
    }

    /// The file of an SQLite database; none for a server.
    pub(crate) fn file(url: &str) -> Option<&Path> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return None;
        }
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Where it is, without user and password.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Sqlite(database) => database.path().display().to_string(),
            Self::Postgres(database) => database.shown().to_owned(),
        }
    }

    /// Runs `work` in a transaction, again from the start where the database asks for it.
    pub(crate) fn run<T>(
        &self,
        access: Access,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut attempt = 1;
        loop {
            let outcome = match self {
                Self::Sqlite(database) => database.run(access, work),
                Self::Postgres(database) => database.run(access, work),
            };
            match outcome {
                Err(failure) if failure.retry && attempt < ATTEMPTS => {
                    std::thread::sleep(Duration::from_millis(5 << (2 * attempt)));
                    attempt += 1;
                }
                other => return other,
            }
        }
    }
}
