//! The contract suite: one test, both databases. Each test gets a database of its own.

use rampart_testkit::postgres;

use crate::Store;
use crate::cluster::{self, Source};

/// Runs `test` on SQLite, then on PostgreSQL. Where PostgreSQL is not installed the test says so aloud.
pub(crate) fn on_each(test: impl Fn(&Store)) {
    url_of_each(|url| test(&Store::open(url).unwrap()));
}

pub(crate) fn url_of_each(test: impl Fn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    test(&format!("sqlite:{}", folder.path().join("rampart.db").display()));
    match postgres::shared() {
        Some(server) => test(&server.database()),
        None => eprintln!("SKIPPED on PostgreSQL: initdb is not installed (apt-get install postgresql)"),
    }
}

/// The id of a cluster of this name, made where there is none.
pub(crate) fn cluster(store: &Store, name: &str) -> i64 {
    let now = "2026-05-01T10:00:00Z".parse().unwrap();
    store.write(|tx| cluster::ensure(tx, name, Source::Agent, "agent", now)).unwrap()
}
