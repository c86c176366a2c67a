//! Backups between both databases in every direction: nothing is lost, nothing is mixed, and what is damaged is refused.

use jiff::Timestamp;
use rampart_protocol::Batch;
use rampart_testkit::postgres;

use crate::audit::verify::verify;
use crate::backup::{catalogue, restore, write};
use crate::contract::{cluster, url_of_each};
use crate::waiver::{Decision, Request, decide::decide, request::request};
use crate::{Actor, Concealed, Role, RoleGrant, Scope, Store, first_run, sample, setting, user, values};

const ADA: Actor<'static> = Actor { id: "u-ada", name: "ada" };
const BOB: Actor<'static> = Actor { id: "u-bob", name: "bob" };

fn now() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

/// Rows of many kinds, in many tables, more than a step of them.
fn fill(store: &Store) {
    let prod = cluster(store, "prod");
    for number in 0..600 {
        let wanted = Request {
            rule: format!("rbac/r{number}"),
            clusters: vec!["prod".into()],
            kind: None,
            namespace: (number % 2 == 0).then(|| "shop \u{1F980} '\"".to_owned()),
            name: None,
            key: None,
            reason: "line one\nline two".into(),
            owner: "team".into(),
            expires: "2026-06-01".parse().unwrap(),
        };
        let made = store.write(|tx| request(tx, &Scope::all(), &ADA, &wanted, now())).unwrap();
        if number % 100 == 0 {
            store.write(|tx| decide(tx, &Scope::all(), &BOB, &made.id, Decision::Approve, "", now())).unwrap();
        }
    }
    let specs: Vec<_> = (0..5)
        .flat_map(|rule| (0..12).map(move |place| sample::Spec { rule, place, word: 0, waived: place == 5 }))
        .collect();
    let batch = Batch { epoch: "e".into(), sequence: 1, ..Batch::between(None, &sample::state(&specs)) };
    store.ingest(prod, &batch, now()).unwrap();
    store
        .write(|tx| {
            first_run::issue(tx, jiff::SignedDuration::from_hours(1), now())?;
            let grants = [RoleGrant::everywhere(Role::Admin)];
            user::create_local(tx, &ADA, "ada", &Concealed::new("$argon2id$".into()), &grants, now())?;
            setting::set(tx, &ADA, "theme", &serde_json::json!({ "dark": true }), now())?;
            crate::desired::rescan(tx, prod)
        })
        .unwrap();
}

/// All rows of all tables, as text.
fn content(store: &Store) -> Vec<u8> {
    let mut file = Vec::new();
    write(store, &mut file, now()).unwrap();
    zstd::stream::decode_all(file.as_slice()).unwrap()
}

fn backup(store: &Store) -> Vec<u8> {
    let mut file = Vec::new();
    write(store, &mut file, now()).unwrap();
    file
}

fn empty(folder: &tempfile::TempDir) -> Vec<String> {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let sqlite = format!("sqlite:{}", folder.path().join(format!("target-{count}.db")).display());
    let mut urls = vec![sqlite];
    urls.extend(postgres::shared().map(postgres::Server::database));
    urls
}

#[test]
fn every_row_arrives_whatever_the_databases() {
    let folder = tempfile::tempdir().unwrap();
    url_of_each(|url| {
        let store = Store::open(url).unwrap();
        fill(&store);
        let (file, before) = (backup(&store), content(&store));
        for target in empty(&folder) {
            let restored = restore(&target, || Ok(file.as_slice())).unwrap();
            assert!(restored.trail.intact && restored.trail.entries > 600, "{:?}", restored.trail);
            let copy = Store::open(&target).unwrap();
            assert_eq!(String::from_utf8_lossy(&content(&copy)), String::from_utf8_lossy(&before));
            // The copy lives on: the trail grows, and numbers are counted up behind those that came.
            let other = cluster(&copy, "other");
            assert!(other > cluster(&copy, "prod"));
            let again = Request { rule: "rbac/new".into(), ..sample() };
            copy.write(|tx| request(tx, &Scope::all(), &ADA, &again, now())).unwrap();
            let trail = copy.read(verify).unwrap();
            assert_eq!((trail.intact, trail.entries), (true, restored.trail.entries + 1));
        }
    });
}

fn sample() -> Request {
    Request {
        rule: "rbac/x".into(),
        clusters: Vec::new(),
        kind: None,
        namespace: None,
        name: None,
        key: None,
        reason: "r".into(),
        owner: "o".into(),
        expires: "2026-06-01".parse().unwrap(),
    }
}

#[test]
fn both_databases_have_the_same_tables_each_with_a_key() {
    let found = std::sync::Mutex::new(Vec::new());
    url_of_each(|url| {
        let layouts = Store::open(url).unwrap().read(catalogue::layouts).unwrap();
        found.lock().unwrap().push(layouts);
    });
    let found = found.into_inner().unwrap();
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{found:#?}");
    assert!(found[0].iter().any(|layout| layout.name == "waiver"));
}

#[test]
fn a_database_in_use_is_refused_and_stays_as_it_is() {
    url_of_each(|url| {
        let store = Store::open(url).unwrap();
        fill(&store);
        let (file, before) = (backup(&store), content(&store));
        let refused = restore(url, || Ok(file.as_slice())).unwrap_err();
        assert!(refused.message().contains("is not empty"), "{refused}");
        assert_eq!(content(&store), before);
    });
}

#[test]
fn a_new_database_that_a_plane_has_opened_is_still_empty() {
    url_of_each(|url| {
        let folder = tempfile::tempdir().unwrap();
        let source = Store::open(&format!("sqlite:{}", folder.path().join("source.db").display())).unwrap();
        fill(&source);
        let file = backup(&source);
        drop(Store::open(url).unwrap());
        restore(url, || Ok(file.as_slice())).unwrap();
    });
}

#[test]
fn damaged_files_are_refused_and_nothing_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let source = Store::open(&format!("sqlite:{}", folder.path().join("source.db").display())).unwrap();
    fill(&source);
    let plain = content(&source);
    let pack = |text: &[u8]| zstd::stream::encode_all(text, 1).unwrap();
    let swap = |from: &str, to: &str| {
        let text = String::from_utf8(plain.clone()).unwrap();
        assert!(text.contains(from), "{from}");
        pack(text.replacen(from, to, 1).as_bytes())
    };
    let whole = pack(&plain);
    let cases = [
        ("no backup", b"PK\x03\x04 something".to_vec()),
        ("empty", Vec::new()),
        ("cut in the stream", whole[..whole.len() / 2].to_vec()),
        ("cut between lines", pack(&plain[..plain.len() / 2])),
        ("another word", swap("line two", "line 2wo")),
        ("a row less", swap("\"rbac/r17\"", "\"rbac/r18\"")),
        ("another shape", swap("rampart.backup/v1", "rampart.backup/v9")),
        ("newer", swap("\"steps\":[1,", "\"steps\":[1,99999,")),
        ("a number", swap("\"rows\":", "\"rows\":1")),
    ];
    for (case, file) in cases {
        for target in empty(&folder) {
            let refused = restore(&target, || Ok(file.as_slice())).unwrap_err();
            assert!(!refused.message().is_empty(), "{case}");
            let store = Store::open(&target).unwrap();
            let rows = store.read(|tx| tx.first("SELECT COUNT(*) FROM waiver", values![], |row| row.take::<i64>()));
            assert_eq!(rows, Ok(Some(0)), "{case}: {refused}");
        }
    }
}

#[test]
fn a_broken_trail_is_restored_as_it_was_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let source = Store::open(&format!("sqlite:{}", folder.path().join("source.db").display())).unwrap();
    fill(&source);
    source.write(|tx| tx.define("DROP TRIGGER audit_stays; UPDATE audit SET actor = 'eve' WHERE seq = 7;")).unwrap();
    let file = backup(&source);
    for target in empty(&folder) {
        let restored = restore(&target, || Ok(file.as_slice())).unwrap();
        assert_eq!(restored.trail.broken_at, Some(7));
    }
}

#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    url_of_each(|url| {
        let store = Store::open(url).unwrap();
        fill(&store);
        let folder = tempfile::tempdir().unwrap();
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    store.write(|tx| request(tx, &Scope::all(), &ADA, &sample(), now())).unwrap();
                }
            });
            let file = backup(&store);
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            let target = format!("sqlite:{}", folder.path().join("copy.db").display());
            let restored = restore(&target, || Ok(file.as_slice())).unwrap();
            assert!(restored.trail.intact);
            let copy = Store::open(&target).unwrap();
            let count = |sql: &str| copy.read(|tx| tx.first(sql, values![], |row| row.take::<i64>())).unwrap().unwrap();
            let asked = count("SELECT COUNT(*) FROM audit WHERE action = 'waiver.request'");
            assert_eq!(count("SELECT COUNT(*) FROM waiver"), asked);
        });
    });
}

#[test]
fn what_is_not_there_is_not_made_by_looking_at_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nothing.db");
    let refused = Store::open_as_is(&format!("sqlite:{}", path.display())).err().unwrap();
    assert!(refused.message().contains("there is no database") && !path.exists(), "{refused}");
    url_of_each(|url| {
        assert!(Store::open_as_is(url).is_err(), "no plane has used it");
        drop(Store::open(url).unwrap());
        assert!(Store::open_as_is(url).is_ok());
    });
}
