//! A transaction: all of the store's SQL passes here.
//!
//! Statements are written in the subset that both databases share, with `?1`, `?2`.. as placeholders. Sums are cast
//! (`CAST(SUM(x) AS BIGINT)`), for PostgreSQL widens them. After a failure nothing more can be asked of the transaction:
//! hand it on. `ON CONFLICT` is the way to meet a row that may exist.

use std::collections::HashMap;

use crate::database::postgres::Postgres;
use crate::database::sqlite::Sqlite;
use crate::database::{Engine, postgres, sqlite};
use crate::failure::Failure;
use crate::row::Row;
use crate::value::Value;

/// Rows of one statement. Few sizes, so that few statements are prepared.
const CHUNKS: [usize; 4] = [256, 32, 4, 1];

pub struct Tx<'c> {
    on: On<'c>,
    changes: u64,
}

enum On<'c> {
    Sqlite {
        connection: &'c rusqlite::Connection,
        database: &'c Sqlite,
    },
    Postgres {
        transaction: ::postgres::Transaction<'c>,
        statements: &'c mut HashMap<String, ::postgres::Statement>,
        database: &'c Postgres,
    },
}

impl<'c> Tx<'c> {
    pub(crate) fn sqlite(connection: &'c rusqlite::Connection, database: &'c Sqlite) -> Self {
        Self { on: On::Sqlite { connection, database }, changes: 0 }
    }

    pub(crate) fn postgres(
        transaction: ::postgres::Transaction<'c>,
        statements: &'c mut HashMap<String, ::postgres::Statement>,
        database: &'c Postgres,
    ) -> Self {
        Self { on: On::Postgres { transaction, statements, database }, changes: 0 }
    }

    pub fn engine(&self) -> Engine {
        match self.on {
            On::Sqlite { .. } => Engine::Sqlite,
            On::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Rows written so far.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Returns the number of rows that were written.
    ///
    /// # Errors
    /// The database refuses.
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Failure> {
        let count = match &mut self.on {
            On::Sqlite { connection, database } => sqlite::execute(connection, database, sql, values),
            On::Postgres { transaction, statements, database } => {
                postgres::execute(transaction, statements, database, sql, values)
            }
        }?;
        self.changes += count;
        Ok(count)
    }

    /// # Errors
    /// The database refuses, or `read` does.
    pub fn query<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&mut Row) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        match &mut self.on {
            On::Sqlite { connection, database } => sqlite::query(connection, database, sql, values, &mut read),
            On::Postgres { transaction, statements, database } => {
                postgres::query(transaction, statements, database, sql, values, &mut read)
            }
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// The database refuses, or `read` does.
    pub fn first<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&mut Row) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        Ok(self.query(sql, values, read)?.into_iter().next())
    }

    /// Many rows in few statements. `head` is such as `INSERT INTO t (a, b)`, `tail` such as `ON CONFLICT (a) DO UPDATE
    /// SET b = excluded.b`; every row has as many values as the first one. Returns the number of rows that were written.
    ///
    /// # Errors
    /// The database refuses.
    pub fn insert(&mut self, head: &str, tail: &str, rows: &[Vec<Value<'_>>]) -> Result<u64, Failure> {
        let mut written = 0;
        for chunk in chunks(rows) {
            let values: Vec<Value<'_>> = chunk.iter().flatten().map(Value::from).collect();
            written += self.execute(&format!("{head} VALUES {} {tail}", tuples(chunk)), &values)?;
        }
        Ok(written)
    }

    /// As [`Tx::insert`], with a `RETURNING ..` in `tail`. The rows come back in no order.
    ///
    /// # Errors
    /// The database refuses, or `read` does.
    pub fn insert_returning<T>(
        &mut self,
        head: &str,
        tail: &str,
        rows: &[Vec<Value<'_>>],
        mut read: impl FnMut(&mut Row) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut found = Vec::with_capacity(rows.len());
        for chunk in chunks(rows) {
            let values: Vec<Value<'_>> = chunk.iter().flatten().map(Value::from).collect();
            let of_chunk = self.query(&format!("{head} VALUES {} {tail}", tuples(chunk)), &values, &mut read)?;
            self.changes += of_chunk.len() as u64;
            found.extend(of_chunk);
        }
        Ok(found)
    }

    /// Waits until no other transaction holds the lock of this name, and holds it to the end of this one.
    ///
    /// # Errors
    /// Another one holds it for too long.
    pub fn lock(&mut self, name: &str) -> Result<(), Failure> {
        match self.engine() {
            // There is one writer.
            Engine::Sqlite => Ok(()),
            Engine::Postgres => {
                self.query(
                    "SELECT pg_advisory_xact_lock(hashtextextended(?1, 7236)) IS NULL",
                    &[Value::from(name)],
                    |_| Ok(()),
                )?;
                Ok(())
            }
        }
    }

    /// Several statements without values, as in a migration.
    pub(crate) fn define(&mut self, sql: &str) -> Result<(), Failure> {
        match &mut self.on {
            On::Sqlite { connection, database } => {
                let sql = sql.replace("{bytes}", "BLOB").replace("{key}", "INTEGER PRIMARY KEY AUTOINCREMENT");
                let sql = sql.replace("{by_cluster}", "");
                connection.execute_batch(&sql).map_err(|error| database.failure(&error))
            }
            On::Postgres { transaction, database, .. } => {
                transaction.batch_execute(&postgres::definition(sql)).map_err(|error| database.failure(&error))
            }
        }
    }

    pub(crate) fn commit(self) -> Result<(), Failure> {
        match self.on {
            On::Sqlite { .. } => Ok(()),
            On::Postgres { transaction, database, .. } => {
                transaction.commit().map_err(|error| database.failure(&error))
            }
        }
    }
}

/// `?1, ?2, ?3` from `first` on, for an `IN (..)`.
pub(crate) fn list(first: usize, count: usize) -> String {
    let mut out = String::new();
    for number in first..first + count {
        if number > first {
            out.push_str(", ");
        }
        out.push('?');
        out.push_str(&number.to_string());
    }
    out
}

fn chunks<R>(rows: &[R]) -> impl Iterator<Item = &[R]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = CHUNKS.into_iter().find(|size| *size <= rest.len())?;
        let (chunk, behind) = rest.split_at_checked(size)?;
        rest = behind;
        Some(chunk)
    })
}

fn tuples(rows: &[Vec<Value<'_>>]) -> String {
    let width = rows.first().map_or(0, Vec::len);
    let tuple = |row: usize| format!("({})", list(row * width + 1, width));
    (0..rows.len()).map(tuple).collect::<Vec<_>>().join(", ")
}
