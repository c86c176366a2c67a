//! Numbered steps from an empty database to the one that this release works on.
//!
//! All that are missing are taken in one transaction under one lock, so that replicas may start at the same time. A step
//! that was published never changes. Types are written as `TEXT`, `BIGINT`, `{bytes}` and `{key}` (a number that the
//! database counts up); what one database alone knows stands in a step of its own.

use jiff::Timestamp;

use crate::database::{Access, Database, Engine};
use crate::failure::Failure;
use crate::tx::Tx;
use crate::values;

pub(crate) struct Migration {
    /// 1 to 99 and 200 on: clusters and findings; 100 to 199: people, waivers and what is sent out.
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Migration {
    /// A step that is the same in both databases.
    pub(crate) const fn new(number: u32, name: &'static str, sql: &'static str) -> Self {
        Self { number, name, sqlite: sql, postgres: sql }
    }
}

fn all() -> Vec<&'static Migration> {
    let mut all: Vec<&Migration> =
        [crate::store::MIGRATIONS, crate::people::MIGRATIONS].into_iter().flatten().collect();
    all.sort_by_key(|migration| migration.number);
    all
}

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)";

pub(crate) fn run(database: &Database) -> Result<(), Failure> {
    run_some(database, &|_| true)
}

/// Takes only the steps that are wanted, such as those that a backup had taken.
pub(crate) fn run_some(database: &Database, is_wanted: &dyn Fn(u32) -> bool) -> Result<(), Failure> {
    database.run(Access::Write, &mut |tx| {
        tx.lock("migration")?;
        tx.define(TABLE)?;
        let applied: Vec<u32> = tx.query("SELECT number FROM migration ORDER BY number", &[], |row| row.take())?;
        refuse_unknown(&applied)?;
        let missing = all().into_iter().filter(|migration| !applied.contains(&migration.number));
        for migration in missing.filter(|migration| is_wanted(migration.number)) {
            apply(tx, migration)?;
        }
        Ok(())
    })
}

/// The steps that the database has taken; it may be new.
pub(crate) fn applied(database: &Database) -> Result<Vec<u32>, Failure> {
    database.run(Access::Write, &mut |tx| {
        tx.lock("migration")?;
        tx.define(TABLE)?;
        tx.query("SELECT number FROM migration ORDER BY number", &[], |row| row.take())
    })
}

pub(crate) fn refuse_unknown(steps: &[u32]) -> Result<(), Failure> {
    let known = all();
    match steps.iter().find(|number| known.iter().all(|migration| migration.number != **number)) {
        Some(number) => Err(Failure::other(format!(
            "the database was written by a newer release (step {number} is unknown here): upgrade this program"
        ))),
        None => Ok(()),
    }
}

fn apply(tx: &mut Tx<'_>, migration: &Migration) -> Result<(), Failure> {
    let sql = match tx.engine() {
        Engine::Sqlite => migration.sqlite,
        Engine::Postgres => migration.postgres,
    };
    tx.define(sql).map_err(|failure| {
        Failure::new(failure.kind, format!("cannot bring the database up to step {}: {failure}", migration.number))
    })?;
    tx.execute(
        "INSERT INTO migration (number, name, at) VALUES (?1, ?2, ?3)",
        values![migration.number, migration.name, Timestamp::now()],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::Store;
    use crate::contract::{on_each, url_of_each};

    #[test]
    fn numbers_of_steps_are_unique() {
        let numbers: Vec<u32> = super::all().iter().map(|migration| migration.number).collect();
        let mut unique = numbers.clone();
        unique.dedup();
        assert_eq!(numbers, unique);
    }

    #[test]
    fn replicas_that_start_at_once_migrate_once() {
        url_of_each(|url| {
            std::thread::scope(|scope| {
                let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Store::open(url).map(drop))).collect();
                for start in starts {
                    start.join().unwrap().unwrap();
                }
            });
        });
    }

    #[test]
    fn a_database_of_a_newer_release_is_refused_with_a_sentence() {
        on_each(|store| {
            store
                .write(|tx| tx.execute("INSERT INTO migration (number, name, at) VALUES (99999, 'later', 0)", &[]))
                .unwrap();
            let error = super::run(store.database()).unwrap_err();
            assert!(error.message().contains("upgrade this program"), "{error}");
        });
    }
}
