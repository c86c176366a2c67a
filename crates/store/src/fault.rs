//! Processes and servers that die in the middle of writes: what was acknowledged is there afterwards, and the trail holds.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use rampart_testkit::postgres::Server;

use crate::audit::verify::verify;
use crate::contract::{cluster, url_of_each};
use crate::waiver::{Decision, Request, State, decide::decide, read::get, request::request};
use crate::{Actor, Scope, Store, values};

/// Where the child finds its database.
const DATABASE: &str = "RAMPART_FAULT_DATABASE";
const ADA: Actor<'static> = Actor { id: "u-ada", name: "ada" };
const BOB: Actor<'static> = Actor { id: "u-bob", name: "bob" };

fn now() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

fn approved(store: &Store) -> Result<String, crate::Failure> {
    let wanted = Request {
        rule: "rbac/x".into(),
        clusters: Vec::new(),
        kind: None,
        namespace: None,
        name: None,
        key: None,
        reason: "r".into(),
        owner: "o".into(),
        expires: "2026-06-01".parse().unwrap(),
    };
    let asked = store.write(|tx| request(tx, &Scope::all(), &ADA, &wanted, now()))?;
    store.write(|tx| decide(tx, &Scope::all(), &BOB, &asked.id, Decision::Approve, "", now())).map(|waiver| waiver.id)
}

/// The child of the test below: approves waivers without end and says so after each.
#[test]
fn approve_without_end() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let store = Store::open(&url).unwrap();
    loop {
        let id = approved(&store).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "acknowledged {id}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_killed_process_loses_no_acknowledged_waiver() {
    url_of_each(|url| {
        let store = Store::open(url).unwrap();
        cluster(&store, "prod");
        let mut acknowledged = Vec::new();
        for round in 0..5_usize {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "fault::approve_without_end", "--nocapture"])
                .env(DATABASE, url)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            let wanted = acknowledged.len() + 5 + 3 * round;
            let id = |line: String| line.split_once("acknowledged ").map(|(_, id)| id.to_owned());
            while acknowledged.len() < wanted {
                acknowledged.extend(lines.next().map(id).unwrap());
            }
            // Anywhere within the next write.
            std::thread::sleep(Duration::from_micros(700 * u64::try_from(round).unwrap()));
            child.kill().unwrap();
            child.wait().unwrap();
            acknowledged.extend(lines.filter_map(id));
            for id in &acknowledged {
                let stored = store.read(|tx| get(tx, &Scope::all(), id)).unwrap();
                assert_eq!(stored.state, State::Approved);
            }
            let trail = store.read(verify).unwrap();
            assert!(trail.intact, "{trail:?}");
            // Each change has its entry and each entry its change.
            let count =
                |sql: &str| store.read(|tx| tx.first(sql, values![], |row| row.take::<u64>())).unwrap().unwrap();
            let changes =
                count("SELECT COUNT(*) FROM waiver") + count("SELECT COUNT(*) FROM waiver WHERE state = 'approved'");
            assert_eq!(changes, trail.entries);
        }
    });
}

#[test]
fn a_crash_of_postgresql_loses_no_acknowledged_waiver_and_the_store_comes_back() {
    let Some(mut server) = Server::start() else {
        eprintln!("SKIPPED: initdb is not installed (apt-get install postgresql)");
        return;
    };
    let store = Store::open(&server.database()).unwrap();
    cluster(&store, "prod");
    let acknowledged = std::sync::Mutex::new(Vec::new());
    let lock = || acknowledged.lock().unwrap();
    for _ in 0..2 {
        std::thread::scope(|threads| {
            let writer = threads.spawn(|| {
                // Until the server is gone.
                while let Ok(id) = approved(&store) {
                    lock().push(id);
                }
            });
            let enough = lock().len() + 20;
            while lock().len() < enough && !writer.is_finished() {
                std::thread::sleep(Duration::from_millis(1));
            }
            server.crash();
        });
        server.up();
        for id in lock().iter() {
            assert_eq!(store.read(|tx| get(tx, &Scope::all(), id)).unwrap().state, State::Approved);
        }
        assert!(store.read(verify).unwrap().intact);
        assert!(approved(&store).is_ok());
    }
}
