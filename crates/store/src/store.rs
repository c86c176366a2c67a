//! The door to the database: reads, writes, and how it fares.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::database::{Access, Database, Engine};
use crate::failure::Failure;
use crate::migrations::{self, Migration};
use crate::tx::Tx;
use crate::values;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration::new(
        1,
        "probe",
        "CREATE TABLE probe (id BIGINT PRIMARY KEY, at BIGINT NOT NULL); INSERT INTO probe (id, at) VALUES (1, 0);",
    ),
    Migration::new(2, "findings", include_str!("migrations/0002_findings.sql")),
    Migration {
        number: 3,
        name: "partitions",
        sqlite: "",
        postgres: include_str!("migrations/0003_partitions.postgres.sql"),
    },
    Migration { number: 4, name: "search", sqlite: "", postgres: include_str!("migrations/0004_search.postgres.sql") },
];

/// Cheap to clone. Every call blocks: an asynchronous caller makes it on a thread that may.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    trouble: Mutex<Option<Trouble>>,
}

/// Why the database cannot be relied on at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub failure: Failure,
    pub since: Timestamp,
}

impl Store {
    /// Opens `postgres://..`, `sqlite:PATH` or a plain path, and brings it up to this release.
    ///
    /// # Errors
    /// The database cannot be reached, or was written by a newer release.
    pub fn open(url: &str) -> Result<Self, Failure> {
        let database = Database::open(url)?;
        migrations::run(&database)?;
        Ok(Self { inner: Arc::new(Inner { database, trouble: Mutex::new(None) }) })
    }

    /// Opens a database as it is, and only one that is there: to look at it or to take a copy of it.
    ///
    /// # Errors
    /// The database cannot be reached, or no plane has used it.
    pub fn open_as_is(url: &str) -> Result<Self, Failure> {
        if let Some(path) = Database::file(url).filter(|path| !path.exists()) {
            return Err(Failure::missing(format!("database `{}`: check the path", path.display())));
        }
        let store = Self { inner: Arc::new(Inner { database: Database::open(url)?, trouble: Mutex::new(None) }) };
        let is_used = |tx: &mut Tx<'_>| tx.query("SELECT number FROM migration LIMIT 1", values![], |_| Ok(()));
        match store.read(is_used) {
            Ok(_) => Ok(store),
            Err(failure) if failure.kind.is_outage() => Err(failure),
            Err(_) => Err(Failure::missing(format!("plane in the database `{}`: check its address", store.shown()))),
        }
    }

    pub fn engine(&self) -> Engine {
        self.inner.database.engine()
    }

    /// Where it is, without user and password.
    pub fn shown(&self) -> String {
        self.inner.database.shown()
    }

    #[cfg(test)]
    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    /// All that `work` asks is of one moment. It may be run more than once.
    ///
    /// # Errors
    /// The database fails, or `work` does.
    pub fn read<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        self.note(self.inner.database.run(Access::Read, &mut work), Access::Read)
    }

    /// All of `work` is stored, or nothing. It may be run more than once: effects elsewhere come after this call. Must not
    /// be called within itself.
    ///
    /// # Errors
    /// The database fails, or `work` does. A [`crate::Kind::Gone`] leaves open whether it was stored.
    pub fn write<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        self.note(self.inner.database.run(Access::Write, &mut work), Access::Write)
    }

    /// Whether the database can be relied on. Where the last call failed, tries whether it works again.
    pub fn health(&self) -> Option<Trouble> {
        self.trouble()?;
        let now = Timestamp::now();
        let probe = |tx: &mut Tx<'_>| tx.execute("UPDATE probe SET at = ?1 WHERE id = 1", values![now]);
        // The outcome is noted by the call.
        let _ = self.write(probe);
        self.trouble()
    }

    /// Lets the database look at what it holds, so that it finds the short way. For after much was written at once.
    ///
    /// # Errors
    /// The database fails.
    pub fn analyze(&self) -> Result<(), Failure> {
        self.write(|tx| tx.define("ANALYZE"))
    }

    fn trouble(&self) -> Option<Trouble> {
        self.inner.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note<T>(&self, outcome: Result<T, Failure>, access: Access) -> Result<T, Failure> {
        let mut trouble = self.inner.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match &outcome {
            Err(failure) if failure.kind.is_outage() => {
                let since = trouble.as_ref().map_or_else(Timestamp::now, |earlier| earlier.since);
                *trouble = Some(Trouble { failure: failure.clone(), since });
            }
            // Reads work on a full disk, too.
            Ok(_) if access == Access::Write => *trouble = None,
            _ => {}
        }
        drop(trouble);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::on_each;
    use crate::{Failure, Kind, values};

    #[test]
    fn every_kind_of_value_comes_back() {
        on_each(|store| {
            let now = jiff::Timestamp::from_microsecond(1_700_000_000_123_456).unwrap();
            store
                .write(|tx| {
                    tx.define("CREATE TABLE t (k {key}, a TEXT, b BIGINT, c {bytes}, d DOUBLE PRECISION, e BIGINT)")?;
                    let text = "it's; --\0 <b>ü</b>";
                    tx.execute(
                        "INSERT INTO t (a, b, c, d, e) VALUES (?1, ?2, ?3, ?4, ?5)",
                        values![text, true, &b"\0\xff"[..], 1.5, now],
                    )
                })
                .unwrap();
            let row = |row: &mut crate::Row| {
                Ok((
                    row.take::<i64>()?,
                    row.take::<String>()?,
                    row.take::<bool>()?,
                    row.take::<Vec<u8>>()?,
                    row.take::<f64>()?,
                    row.take()?,
                ))
            };
            let found = store.read(|tx| tx.first("SELECT k, a, b, c, d, e FROM t", &[], row)).unwrap();
            let text = "it's; --\u{fffd} <b>ü</b>".to_owned();
            assert_eq!(found, Some((1, text, true, b"\0\xff".to_vec(), 1.5, now)));
            let nothing: Vec<Option<String>> = store
                .read(|tx| tx.query("SELECT a FROM t WHERE b = ?1", values![None::<i64>], |row| row.take()))
                .unwrap();
            assert!(nothing.is_empty());
        });
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        on_each(|store| {
            store.write(|tx| tx.define("CREATE TABLE t (a BIGINT PRIMARY KEY)")).unwrap();
            let error = store
                .write(|tx| {
                    tx.execute("INSERT INTO t (a) VALUES (?1)", values![1_i64])?;
                    Err::<(), _>(Failure::other("no"))
                })
                .unwrap_err();
            assert_eq!(error.message(), "no");
            let again = |tx: &mut crate::Tx<'_>| tx.execute("INSERT INTO t (a) VALUES (?1)", values![1_i64]);
            assert_eq!(store.write(again), Ok(1));
            assert_eq!(store.write(again).unwrap_err().kind, Kind::Conflict);
            assert_eq!(store.health(), None);
        });
    }

    #[test]
    fn many_rows_are_inserted_and_met_again() {
        on_each(|store| {
            store.write(|tx| tx.define("CREATE TABLE t (a BIGINT PRIMARY KEY, b TEXT)")).unwrap();
            let rows: Vec<_> = (0..621_i64).map(|number| values![number, "x"].to_vec()).collect();
            let insert =
                |tx: &mut crate::Tx<'_>| tx.insert("INSERT INTO t (a, b)", "ON CONFLICT (a) DO NOTHING", &rows);
            assert_eq!(store.write(insert), Ok(621));
            assert_eq!(store.write(insert), Ok(0));
        });
    }

    #[test]
    fn writers_take_turns() {
        on_each(|store| {
            store.write(|tx| tx.define("CREATE TABLE t (a BIGINT)")).unwrap();
            store.write(|tx| tx.execute("INSERT INTO t (a) VALUES (0)", &[])).unwrap();
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        for _ in 0..10 {
                            store
                                .write(|tx| {
                                    tx.lock("t")?;
                                    let now = tx.first("SELECT a FROM t", &[], |row| row.take::<i64>())?;
                                    tx.execute("UPDATE t SET a = ?1", values![now.unwrap_or_default() + 1])
                                })
                                .unwrap();
                        }
                    });
                }
            });
            let total = store.read(|tx| tx.first("SELECT a FROM t", &[], |row| row.take::<i64>())).unwrap();
            assert_eq!(total, Some(40));
        });
    }
}
