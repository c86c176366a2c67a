//! Faults: what was acknowledged survives them, what was not leaves no trace, and nobody has to lend a hand.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rampart_protocol::{Batch, State};
use rampart_testkit::postgres::Server;

use crate::contract::{cluster, on_each, url_of_each};
use crate::sample::{Spec, state};
use crate::{Failure, Kind, Store, ingest, values};

const VICTIM: &str = "RAMPART_STORE_VICTIM";

fn now() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

/// A different state for each number.
fn numbered(number: u64) -> State {
    let place = |offset: u64| u8::try_from((number * 3 + offset) % 12).unwrap();
    let word = u8::try_from(number % 2).unwrap();
    let spec = |rule: u8, offset: u64| Spec { rule, place: place(offset), word, waived: false };
    state(&[spec(0, 0), spec(1, 1), spec(2, 2), spec(3, 3)])
}

/// The batch that leads to state `number`.
fn batch(number: u64) -> Batch {
    let before = number.checked_sub(1).filter(|before| *before > 0).map(numbered);
    Batch { epoch: "e".to_owned(), sequence: number, ..Batch::between(before.as_ref(), &numbered(number)) }
}

/// Whether the store holds a state, whole.
fn holds(store: &Store, id: i64, number: u64) {
    let sql = "SELECT fingerprint FROM finding WHERE cluster = ?1 AND state = 0 ORDER BY fingerprint";
    let open: Vec<String> = store.read(|tx| tx.query(sql, values![id], |row| row.take())).unwrap();
    assert_eq!(open, numbered(number).records.into_keys().collect::<Vec<_>>(), "state {number}");
    let sql = "SELECT CAST(SUM(open) AS BIGINT) FROM rule_count WHERE cluster = ?1";
    let counted: Option<i64> = store.read(|tx| tx.first(sql, values![id], |row| row.take())).unwrap();
    assert_eq!(counted, Some(4));
}

fn sequence(store: &Store, id: i64) -> u64 {
    let sql = "SELECT sequence FROM batch WHERE cluster = ?1";
    store.read(|tx| tx.first(sql, values![id], |row| row.take())).unwrap().unwrap_or(0)
}

/// Does nothing by itself: [`what_was_acknowledged_survives_kill_9`] runs it as a process of its own.
#[test]
fn victim() {
    let Ok(url) = std::env::var(VICTIM) else { return };
    let store = Store::open(&url).unwrap();
    let id = cluster(&store, "c");
    for number in 1.. {
        store.ingest(id, &batch(number), now()).unwrap();
        println!("\nacknowledged {number}");
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    url_of_each(|url| {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "faults::victim", "--nocapture", "--test-threads=1"])
            .env(VICTIM, url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut acknowledged = 0;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            if let Some(number) = line.unwrap().strip_prefix("acknowledged ") {
                acknowledged = number.parse::<u64>().unwrap();
            }
            if acknowledged == 7 {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        let store = Store::open(url).unwrap();
        let id = cluster(&store, "c");
        let stored = sequence(&store, id);
        assert!(stored >= acknowledged && acknowledged >= 7, "{stored} of {acknowledged}");
        holds(&store, id, stored);
        // The sender repeats what it knows nothing of, and goes on.
        assert!(!store.ingest(id, &batch(stored), now()).unwrap().changed);
        assert!(store.ingest(id, &batch(stored + 1), now()).unwrap().changed);
        holds(&store, id, stored + 1);
    });
}

#[test]
fn an_evaluation_that_fails_at_its_end_leaves_nothing() {
    on_each(|store| {
        let id = cluster(store, "c");
        store.ingest(id, &batch(1), now()).unwrap();
        let outcome = store.write(|tx| {
            ingest::apply(tx, id, &batch(2), now())?;
            Err::<(), _>(Failure::other("cut"))
        });
        assert!(outcome.is_err());
        holds(store, id, 1);
        assert_eq!(sequence(store, id), 1);
    });
}

#[test]
fn replicas_that_take_the_same_batch_apply_it_once() {
    url_of_each(|url| {
        let replicas = [Store::open(url).unwrap(), Store::open(url).unwrap()];
        let id = cluster(&replicas[0], "c");
        let changed = std::thread::scope(|scope| {
            let replicas = &replicas;
            let take = move |at: usize| move || replicas[at % 2].ingest(id, &batch(1), now()).unwrap().changed;
            let tasks: Vec<_> = (0..4).map(|at| scope.spawn(take(at))).collect();
            tasks.into_iter().map(|task| u32::from(task.join().unwrap())).sum::<u32>()
        });
        assert_eq!(changed, 1);
        holds(&replicas[1], id, 1);
    });
}

fn sqlite() -> (tempfile::TempDir, std::path::PathBuf, Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rampart.db");
    let store = Store::open(path.to_str().unwrap()).unwrap();
    (folder, path, store)
}

#[test]
fn a_full_disk_is_told_and_recovered_from() {
    let (_folder, _path, store) = sqlite();
    let id = cluster(&store, "c");
    store.ingest(id, &batch(1), now()).unwrap();
    store.write(|tx| tx.define("CREATE TABLE filler (text TEXT)")).unwrap();
    // Room for nothing more.
    store.write(|tx| tx.define("PRAGMA max_page_count = 1")).unwrap();
    let fill =
        |tx: &mut crate::Tx<'_>| tx.execute("INSERT INTO filler (text) VALUES (?1)", values!["x".repeat(100_000)]);
    assert_eq!(store.write(fill).unwrap_err().kind, Kind::Full);
    let large: Vec<Spec> =
        (0..5).flat_map(|rule| (0..12).map(move |place| Spec { rule, place, word: 1, waived: false })).collect();
    let large = Batch { epoch: "e".to_owned(), sequence: 2, ..Batch::between(None, &state(&large)) };
    let failure = store.ingest(id, &large, now()).unwrap_err();
    assert_eq!(failure.kind, Kind::Full);
    assert!(failure.message().contains("free some"), "{failure}");
    holds(&store, id, 1);
    store.write(|tx| tx.define("PRAGMA max_page_count = 1000000")).unwrap();
    assert!(store.ingest(id, &large, now()).unwrap().changed);
    assert_eq!(store.health(), None);
}

#[test]
fn a_vanished_file_is_told_nothing_is_acknowledged_and_its_return_is_noticed() {
    let (folder, path, store) = sqlite();
    let id = cluster(&store, "c");
    store.ingest(id, &batch(1), now()).unwrap();
    let elsewhere = folder.path().join("moved.db");
    std::fs::rename(&path, &elsewhere).unwrap();
    assert_eq!(store.ingest(id, &batch(2), now()).unwrap_err().kind, Kind::Gone);
    assert_eq!(store.health().unwrap().failure.kind, Kind::Gone);
    assert!(!path.exists(), "no empty database takes the place of the lost one");
    std::fs::rename(&elsewhere, &path).unwrap();
    assert_eq!(store.health(), None);
    assert!(store.ingest(id, &batch(2), now()).unwrap().changed);
    holds(&store, id, 2);
}

#[test]
fn a_backup_in_the_place_of_the_file_is_taken_up() {
    let (folder, path, store) = sqlite();
    let id = cluster(&store, "c");
    store.ingest(id, &batch(1), now()).unwrap();
    let backup = folder.path().join("backup.db");
    let live = rusqlite::Connection::open(&path).unwrap();
    live.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    drop(live);
    store.ingest(id, &batch(2), now()).unwrap();
    for extension in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(extension));
    }
    std::fs::rename(&backup, &path).unwrap();
    holds(&store, id, 1);
    assert!(store.ingest(id, &batch(2), now()).unwrap().changed);
    holds(&store, id, 2);
}

#[test]
fn a_locked_file_is_told_and_recovered_from() {
    let (_folder, path, store) = sqlite();
    let id = cluster(&store, "c");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let failure = store.ingest(id, &batch(1), now()).unwrap_err();
    assert_eq!(failure.kind, Kind::Busy);
    assert!(failure.message().contains("locked"), "{failure}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.health(), None);
    assert!(store.ingest(id, &batch(1), now()).unwrap().changed);
}

#[test]
fn a_damaged_file_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rampart.db");
    std::fs::write(&path, "no database at all, but long enough to be looked at ".repeat(100)).unwrap();
    let failure = Store::open(path.to_str().unwrap()).err().unwrap();
    assert_eq!(failure.kind, Kind::Corrupt);
    assert!(failure.message().contains("rampart restore"), "{failure}");
    let failure = Store::open("/nowhere/at/all.db").err().unwrap();
    assert_eq!(failure.kind, Kind::Gone);
    assert_eq!(Store::open("mysql://x").err().unwrap().kind, Kind::Other);
}

#[test]
fn postgresql_may_crash_and_come_back() {
    let Some(mut server) = Server::start() else {
        eprintln!("SKIPPED: initdb is not installed (apt-get install postgresql)");
        return;
    };
    let url = server.database();
    let store = Store::open(&url).unwrap();
    let id = cluster(&store, "c");
    store.ingest(id, &batch(1), now()).unwrap();
    server.crash();
    let started = Instant::now();
    let failure = store.ingest(id, &batch(2), now()).unwrap_err();
    assert_eq!(failure.kind, Kind::Gone);
    assert!(failure.message().contains("does not answer"), "{failure}");
    assert!(!failure.message().contains("postgres@"), "an address without user and password: {failure}");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(store.health().unwrap().failure.kind, Kind::Gone);
    server.up();
    assert_eq!(store.health(), None);
    holds(&store, id, 1);
    assert!(store.ingest(id, &batch(2), now()).unwrap().changed);
    holds(&store, id, 2);
    // In the midst of work: a restart that is over soon is not even noticed.
    server.down();
    server.up();
    assert!(store.ingest(id, &batch(3), now()).unwrap().changed);
    holds(&store, id, 3);
}
