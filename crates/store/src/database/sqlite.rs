//! SQLite in one file: one writer, a few readers beside it, nothing acknowledged before it is on the disk.

use std::fs;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::Access;
use super::pool::{Fate, Pool};
use crate::failure::{Failure, Kind};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

const READERS: usize = 6;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const STATEMENTS: usize = 256;

pub(crate) struct Sqlite {
    path: PathBuf,
    /// Device and inode of the file that the connections hold open.
    identity: Mutex<(u64, u64)>,
    writer: Pool<Connection>,
    readers: Pool<Connection>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        fs::OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path).map_err(|error| {
            Failure::new(Kind::Gone, format!("cannot open the database `{shown}`: {error}; check folder and rights"))
        })?;
        let identity = identity(path)?;
        let database = Self {
            path: path.to_owned(),
            identity: Mutex::new(identity),
            writer: Pool::new(1),
            readers: Pool::new(READERS),
        };
        database.writer.with(|| database.connect(Access::Write), |_| ((), Fate::Keep))?;
        Ok(database)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn run<T>(
        &self,
        access: Access,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.check_identity()?;
        let pool = match access {
            Access::Write => &self.writer,
            Access::Read => &self.readers,
        };
        pool.with(
            || self.connect(access),
            |connection| {
                let outcome = self.transact(connection, access, work);
                // A connection that cannot roll back is of no more use.
                let usable = connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
                (outcome, if usable { Fate::Keep } else { Fate::Drop })
            },
        )?
    }

    fn transact<T>(
        &self,
        connection: &Connection,
        access: Access,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let begin = match access {
            Access::Write => "BEGIN IMMEDIATE",
            Access::Read => "BEGIN",
        };
        connection.execute_batch(begin).map_err(|error| self.failure(&error))?;
        let outcome = work(&mut Tx::sqlite(connection, self))?;
        if access == Access::Write {
            // A file that was deleted can still be written to, and nobody would ever read it again.
            self.check_identity()?;
        }
        connection.execute_batch("COMMIT").map_err(|error| self.failure(&error))?;
        Ok(outcome)
    }

    fn check_identity(&self) -> Result<(), Failure> {
        let now = identity(&self.path)?;
        let mut known = self.identity.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == now {
            return Ok(());
        }
        // Another file took the place, such as a restored backup: let go of the old one.
        *known = now;
        drop(known);
        self.writer.clear();
        self.readers.clear();
        Err(Failure::new(
            Kind::Gone,
            format!("the database file `{}` was replaced while it was in use; try again", self.path.display()),
        )
        .retriable())
    }

    fn connect(&self, access: Access) -> Result<Connection, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
            | match access {
                Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
                Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            };
        let setup = match access {
            Access::Write => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
            }
            Access::Read => "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;",
        };
        let open = || {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(BUSY_TIMEOUT)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            connection.execute_batch(setup)?;
            Ok(connection)
        };
        open().map_err(|error| self.failure(&error))
    }

    pub(crate) fn failure(&self, error: &rusqlite::Error) -> Failure {
        let shown = self.path.display();
        let code = error.sqlite_error_code();
        let (kind, sentence) = match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                (Kind::Busy, format!("the database `{shown}` is locked by another program; close it, or try again"))
            }
            Some(ErrorCode::DiskFull) => {
                (Kind::Full, format!("no room left for the database `{shown}`: free some on its disk"))
            }
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
                Kind::Gone,
                format!("cannot open the database `{shown}`: {error}; check that it is there and readable"),
            ),
            Some(ErrorCode::ReadOnly) => (
                Kind::Gone,
                format!("the database `{shown}` cannot be written: {error}; check its rights and its disk"),
            ),
            Some(ErrorCode::SystemIoFailure) => {
                (Kind::Gone, format!("the disk of the database `{shown}` fails: {error}; check it"))
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
                Kind::Corrupt,
                format!("the database `{shown}` is damaged: {error}; restore it with `rampart restore`"),
            ),
            Some(ErrorCode::ConstraintViolation) => (Kind::Conflict, format!("the database refuses a row: {error}")),
            _ => (Kind::Other, format!("the database `{shown}` fails: {error}")),
        };
        Failure::new(kind, sentence)
    }
}

fn identity(path: &Path) -> Result<(u64, u64), Failure> {
    let metadata = fs::metadata(path).map_err(|error| {
        let shown = path.display();
        Failure::new(Kind::Gone, format!("the database file `{shown}` is gone: {error}; put it or a backup back"))
    })?;
    Ok((metadata.dev(), metadata.ino()))
}

pub(crate) fn execute(
    connection: &Connection,
    database: &Sqlite,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64, Failure> {
    let run = || {
        let mut statement = connection.prepare_cached(sql)?;
        statement.execute(rusqlite::params_from_iter(values))
    };
    run().map(|count| count as u64).map_err(|error| database.failure(&error))
}

pub(crate) fn query<T>(
    connection: &Connection,
    database: &Sqlite,
    sql: &str,
    values: &[Value<'_>],
    read: &mut dyn FnMut(&mut Row) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let wrap = |error: rusqlite::Error| database.failure(&error);
    let mut statement = connection.prepare_cached(sql).map_err(wrap)?;
    let width = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(wrap)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(wrap)? {
        let cells = (0..width).map(|column| row.get_ref(column).and_then(cell)).collect::<Result<_, _>>();
        found.push(read(&mut Row::new(cells.map_err(wrap)?))?);
    }
    Ok(found)
}

fn cell(value: ValueRef<'_>) -> rusqlite::Result<Value<'static>> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(_) => Value::Text(value.as_str()?.to_owned().into()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec().into()),
    })
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
