//! The trail on both databases: it grows in order under many writers, refuses changes, and shows those that were forced.

use serde_json::{Map, json};

use crate::audit::verify::{Verified, hash_of, verify};
use crate::audit::{Deed, Filter, Outcome, append, list};
use crate::contract::on_each;
use crate::{Engine, Kind, Store};

fn now() -> jiff::Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

fn write(store: &Store, actor: &str, action: &str) -> u64 {
    let detail = Map::from_iter([("why".to_owned(), json!("<b>'; DROP TABLE audit; --"))]);
    let deed = Deed { actor, action, object: "w-1", outcome: Outcome::Allowed, detail };
    store.write(|tx| append(tx, now(), &deed)).unwrap()
}

fn verified(store: &Store) -> Verified {
    store.read(verify).unwrap()
}

/// What somebody does who has the database in their hands.
fn force(store: &Store, sql: &str) {
    let (update, delete) = match store.engine() {
        Engine::Sqlite => ("DROP TRIGGER audit_stays", "DROP TRIGGER audit_remains"),
        Engine::Postgres => ("DROP TRIGGER audit_stays ON audit", "DROP TRIGGER audit_remains ON audit"),
    };
    store.write(|tx| tx.define(&format!("{update}; {delete}; {sql};"))).unwrap();
}

#[test]
fn entries_read_back_the_newest_first_and_in_pages() {
    on_each(|store| {
        for action in ["waiver.request", "waiver.approve", "token.create"] {
            write(store, "ada", action);
        }
        write(store, "bob", "waivers.other");
        let find = |filter: Filter, before: Option<&str>, limit| {
            let page = store.read(|tx| list(tx, &filter, before, limit)).unwrap();
            (page.items.iter().map(|entry| entry.seq).collect::<Vec<_>>(), page.next)
        };
        assert_eq!(find(Filter::default(), None, 3), (vec![4, 3, 2], Some("2".to_owned())));
        assert_eq!(find(Filter::default(), Some("2"), 3), (vec![1], None));
        let of = |action: &str| Filter { action: Some(action.to_owned()), ..Filter::default() };
        assert_eq!(find(of("waiver"), None, 9).0, [2, 1]);
        assert_eq!(find(of("waiver.approve"), None, 9).0, [2]);
        assert_eq!(find(Filter { actor: Some("bob".into()), ..Filter::default() }, None, 9).0, [4]);
        assert_eq!(find(Filter { outcome: Some(Outcome::Denied), ..Filter::default() }, None, 9).0, [0_u64; 0]);
        let refused = store.read(|tx| list(tx, &Filter::default(), Some("x"), 9)).unwrap_err();
        assert_eq!((refused.kind, refused.field()), (Kind::Invalid, Some("cursor")));
        assert_eq!(verified(store).entries, 4);
    });
}

#[test]
fn many_writers_make_one_chain() {
    on_each(|store| {
        std::thread::scope(|scope| {
            for writer in 0..4 {
                scope.spawn(move || {
                    for _ in 0..10 {
                        write(store, &format!("writer {writer}"), "test.write");
                    }
                });
            }
        });
        let found = verified(store);
        assert_eq!((found.entries, found.intact, found.broken_at), (40, true, None));
        assert_eq!(store.read(|tx| hash_of(tx, 40)).unwrap(), found.head);
        assert_eq!(store.read(|tx| hash_of(tx, 41)), Ok(None));
    });
}

#[test]
fn neither_database_changes_or_removes_an_entry() {
    on_each(|store| {
        write(store, "ada", "waiver.approve");
        for sql in [
            "UPDATE audit SET actor = 'eve'",
            "DELETE FROM audit",
            "DELETE FROM audit_head",
            "UPDATE audit_head SET seq = 0",
        ] {
            let refused = store.write(|tx| tx.execute(sql, &[])).unwrap_err();
            assert!(refused.message().contains("append-only"), "{sql}: {refused}");
        }
        if store.engine() == Engine::Postgres {
            assert!(store.write(|tx| tx.execute("TRUNCATE audit", &[])).is_err());
        }
        assert!(verified(store).intact);
    });
}

#[test]
fn the_first_broken_entry_is_named() {
    let cases = [
        ("UPDATE audit SET actor = 'eve' WHERE seq = 3", 3, "was changed"),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", 1, "was changed"),
        ("DELETE FROM audit WHERE seq = 2", 2, "missing"),
        ("DELETE FROM audit WHERE seq = 5", 5, "missing"),
        ("UPDATE audit SET previous = hash WHERE seq = 4", 4, "does not follow"),
    ];
    for (sql, seq, why) in cases {
        on_each(|store| {
            for _ in 0..5 {
                write(store, "ada", "waiver.approve");
            }
            force(store, sql);
            let found = verified(store);
            assert_eq!((found.broken_at, found.entries, found.intact), (Some(seq), seq - 1, false), "{sql}");
            assert!(found.problem.as_deref().unwrap_or_default().contains(why), "{sql}: {found:?}");
        });
    }
}

#[test]
fn hostile_texts_are_cut_and_the_chain_holds() {
    on_each(|store| {
        write(store, &"\0<script>".repeat(1000), "session.denied");
        let detail = Map::from_iter([("x".to_owned(), json!("y".repeat(1 << 20)))]);
        let deed = Deed { actor: "a", action: "b", object: "c", outcome: Outcome::Failed, detail };
        store.write(|tx| append(tx, now(), &deed)).unwrap();
        assert!(verified(store).intact);
        let page = store.read(|tx| list(tx, &Filter::default(), None, 9)).unwrap();
        assert!(page.items.iter().all(|entry| entry.actor.len() < 2000 && entry.detail.len() == 1));
    });
}

#[test]
fn an_entry_is_shown_as_the_interface_says() {
    on_each(|store| {
        write(store, "ada", "waiver.approve");
        let page = store.read(|tx| list(tx, &Filter::default(), None, 1)).unwrap();
        let shown = serde_json::to_value(&page).unwrap();
        let entry = &shown["items"][0];
        assert_eq!(entry["at"], "2026-05-01T10:00:00Z");
        assert_eq!(entry["outcome"], "allowed");
        assert_eq!(entry["detail"]["why"], "<b>'; DROP TABLE audit; --");
        assert_eq!(shown["next"], json!(null));
    });
}
