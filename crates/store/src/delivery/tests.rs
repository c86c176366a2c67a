//! The outbox on both databases: what becomes news, and that each piece is sent by one sender, once.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use rampart_model::Severity;

use crate::contract::on_each;
use crate::delivery::list::{count, list, prune, retry};
use crate::delivery::record::{Event, record};
use crate::delivery::send::{Claim, bury, claim, next_due};
use crate::delivery::{Delivery, State};
use crate::route::{self, Digest, Route, Settings};
use crate::{Actor, Kind, SealKey, Store};

const ADMIN: Actor<'static> = Actor { id: "u-admin", name: "admin" };
const LEASE: SignedDuration = SignedDuration::from_secs(30);

fn now() -> Timestamp {
    "2026-05-01T10:20:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now().saturating_add(SignedDuration::from_secs(seconds)).unwrap()
}

fn key() -> SealKey {
    SealKey::from_text(&"0a".repeat(32)).unwrap()
}

fn settings(digest: Digest) -> Settings {
    Settings {
        name: "team".into(),
        kind: route::Kind::Webhook,
        target: "https://example.com/hook".into(),
        min_severity: Severity::High,
        controls: vec!["rbac".into(), "pod_security".into()],
        clusters: vec!["prod-*".into()],
        namespaces: vec!["shop".into()],
        digest,
        enabled: true,
    }
}

fn make(store: &Store, settings: &Settings) -> Route {
    store.write(|tx| route::create(tx, &ADMIN, settings, Some("hmac"), &key(), now())).unwrap()
}

fn event(seq: i64) -> Event<'static> {
    Event {
        seq,
        fingerprint: "f1",
        change: "opened",
        rule: "pod-security/privileged",
        control: "pod_security",
        severity: Severity::Critical,
        kind: "Deployment",
        namespace: "shop",
        name: "web",
        message: "it is privileged",
    }
}

fn put(store: &Store, cluster: &str, events: &[Event<'_>]) -> u64 {
    store.write(|tx| record(tx, cluster, events, now())).unwrap()
}

fn take(store: &Store, holder: &str, at: Timestamp) -> Option<Claim> {
    store.write(|tx| claim(tx, holder, LEASE, at)).unwrap()
}

fn all(store: &Store) -> Vec<Delivery> {
    store.read(|tx| list(tx, None, None, 99)).unwrap().items
}

#[test]
fn only_what_a_route_asks_for_is_written_and_only_once() {
    on_each(|store| {
        make(store, &settings(Digest::None));
        make(store, &Settings { enabled: false, ..settings(Digest::None) });
        let others = [
            Event { severity: Severity::Medium, ..event(1) },
            Event { control: "secrets", ..event(2) },
            Event { namespace: "pay", ..event(3) },
            Event { change: "closed", ..event(4) },
            Event { change: "waived", ..event(5) },
        ];
        assert_eq!(put(store, "prod-eu", &others), 0);
        assert_eq!(put(store, "test", &[event(6)]), 0);
        assert_eq!(put(store, "prod-eu", &[event(6), Event { change: "reopened", ..event(9) }]), 2);
        assert_eq!(put(store, "prod-eu", &[event(6)]), 0, "the same change again");
        let written = all(store);
        assert_eq!(written.len(), 2);
        assert!(written.iter().any(|delivery| {
            delivery.summary == "critical: pod-security/privileged opened, Deployment shop/web in prod-eu"
        }));
        assert_eq!(store.read(|tx| count(tx, State::Pending)), Ok(2));
    });
}

#[test]
fn a_flood_becomes_one_message() {
    on_each(|store| {
        make(store, &settings(Digest::None));
        let names: Vec<String> = (0..2000).map(|number| format!("f{number}")).collect();
        let events: Vec<_> = (1..).zip(&names).map(|(seq, name)| Event { fingerprint: name, ..event(seq) }).collect();
        assert_eq!(put(store, "prod-eu", &events), 1);
        assert_eq!(put(store, "prod-eu", &events), 0);
        let claim = take(store, "a", now()).unwrap();
        let news = &claim.pieces[0].news;
        assert_eq!((news.total, news.items.len(), news.counts["critical"]), (2000, 25, 2000));
        assert_eq!(all(store)[0].summary, "2000 findings in prod-eu");
    });
}

#[test]
fn each_piece_is_claimed_by_one_sender() {
    on_each(|store| {
        make(store, &settings(Digest::None));
        let names: Vec<String> = (0..9).map(|number| format!("f{number}")).collect();
        let events: Vec<_> = (1..).zip(&names).map(|(seq, name)| Event { fingerprint: name, ..event(seq) }).collect();
        assert_eq!(put(store, "prod-eu", &events), 9);
        let sent = Mutex::new(Vec::new());
        std::thread::scope(|threads| {
            for holder in ["a", "b", "c"] {
                let sent = &sent;
                threads.spawn(move || {
                    while let Some(claim) = take(store, holder, now()) {
                        store.write(|tx| claim.begin(tx, now())).unwrap();
                        sent.lock().unwrap().push(claim.pieces[0].id.clone());
                        store.write(|tx| claim.sent(tx, now())).unwrap();
                    }
                });
            }
        });
        let mut sent = sent.into_inner().unwrap();
        sent.sort();
        let total = sent.len();
        sent.dedup();
        assert_eq!((total, sent.len()), (9, 9));
        assert!(all(store).iter().all(|delivery| delivery.state == State::Sent && delivery.next_attempt.is_none()));
    });
}

#[test]
fn a_sender_that_died_before_it_began_is_replaced_and_cannot_come_back() {
    on_each(|store| {
        make(store, &settings(Digest::None));
        put(store, "prod-eu", &[event(1)]);
        let lost = take(store, "dead", now()).unwrap();
        assert!(take(store, "b", later(29)).is_none());
        let taken = take(store, "b", later(30)).unwrap();
        assert_eq!(taken.pieces, lost.pieces);
        let late = store.write(|tx| lost.begin(tx, later(31))).unwrap_err();
        assert_eq!(late.kind, Kind::Conflict);
        store.write(|tx| taken.begin(tx, later(31))).unwrap();
        store.write(|tx| taken.sent(tx, later(32))).unwrap();
        assert!(take(store, "b", later(9999)).is_none());
    });
}

#[test]
fn a_sender_that_died_while_it_sent_leaves_a_dead_letter_and_nothing_is_sent_twice() {
    on_each(|store| {
        make(store, &settings(Digest::None));
        put(store, "prod-eu", &[event(1)]);
        let claim = take(store, "dead", now()).unwrap();
        store.write(|tx| claim.begin(tx, now())).unwrap();
        assert_eq!(store.write(|tx| bury(tx, later(29))), Ok(0));
        assert!(take(store, "b", later(31)).is_none());
        assert_eq!(store.write(|tx| bury(tx, later(30))), Ok(1));
        assert_eq!(store.write(|tx| bury(tx, later(30))), Ok(0));
        assert!(take(store, "b", later(31)).is_none());
        let dead = &all(store)[0];
        assert_eq!(dead.state, State::Dead);
        assert!(dead.problem.as_deref().unwrap_or_default().contains("may have arrived"));
        store.write(|tx| retry(tx, &ADMIN, &dead.id, later(40))).unwrap();
        assert!(store.write(|tx| retry(tx, &ADMIN, &dead.id, later(40))).is_err());
        assert!(take(store, "b", later(40)).is_some());
    });
}

#[test]
fn failures_are_tried_again_ever_more_rarely_and_then_given_up() {
    on_each(|store| {
        make(store, &settings(Digest::None));
        put(store, "prod-eu", &[event(1)]);
        let mut at = now();
        for attempt in 1..=8 {
            let claim = take(store, "a", at).unwrap();
            assert_eq!(claim.pieces[0].attempts, attempt - 1);
            store.write(|tx| claim.begin(tx, at)).unwrap();
            store.write(|tx| claim.failed(tx, "connection refused", at)).unwrap();
            let known = &all(store)[0];
            assert_eq!((known.attempts, known.problem.as_deref()), (attempt, Some("connection refused")));
            assert_eq!(known.state, if attempt < 8 { State::Pending } else { State::Dead });
            assert!(take(store, "a", at).is_none());
            at = store.read(next_due).unwrap().unwrap_or(at);
        }
        assert_eq!(store.read(|tx| count(tx, State::Dead)), Ok(1));
        assert_eq!(store.write(|tx| prune(tx, later(1))), Ok(1));
    });
}

#[test]
fn a_digest_gathers_until_its_hour_and_goes_out_as_one() {
    on_each(|store| {
        make(store, &settings(Digest::Hourly));
        put(store, "prod-eu", &[event(1)]);
        put(store, "prod-us", &[event(2), Event { fingerprint: "f2", ..event(3) }]);
        assert!(take(store, "a", later(60)).is_none());
        assert_eq!(store.read(next_due).unwrap(), Some(later(40 * 60)));
        let claims: Vec<_> = std::thread::scope(|threads| {
            let senders = ["a", "b"].map(|holder| threads.spawn(move || take(store, holder, later(40 * 60))));
            senders.into_iter().filter_map(|sender| sender.join().unwrap()).collect()
        });
        assert_eq!(claims.len(), 1);
        let total: u64 = claims[0].pieces.iter().map(|piece| piece.news.total).sum();
        assert_eq!((claims[0].pieces.len(), total), (2, 3));
        store.write(|tx| claims[0].begin(tx, later(2401))).unwrap();
        store.write(|tx| claims[0].sent(tx, later(2401))).unwrap();
        assert_eq!(store.read(|tx| count(tx, State::Sent)), Ok(2));
    });
}

#[test]
fn a_routes_secret_is_sealed_and_stays_with_its_target() {
    on_each(|store| {
        let made = make(store, &settings(Digest::None));
        let get = || store.read(|tx| route::get(tx, &made.id)).unwrap();
        assert_eq!(get().secret(&key()).ok().unwrap().unwrap().expose(), "hmac");
        let shown = serde_json::to_value(get()).unwrap();
        assert_eq!((shown["hasSecret"].as_bool(), shown["minSeverity"].as_str()), (Some(true), Some("high")));
        assert!(shown.get("sealed").is_none());
        let change = |settings: &Settings| {
            store.write(|tx| route::change(tx, &ADMIN, &made.id, settings, None, &key(), now())).unwrap()
        };
        assert!(change(&Settings { name: "other".into(), ..settings(Digest::None) }).has_secret);
        assert!(!change(&Settings { target: "https://evil".into(), ..settings(Digest::None) }).has_secret);
        change(&settings(Digest::None));
        put(store, "prod-eu", &[event(1), event(2)]);
        let claim = take(store, "a", now()).unwrap();
        store.write(|tx| claim.begin(tx, now())).unwrap();
        store.write(|tx| route::remove(tx, &ADMIN, &made.id, now())).unwrap();
        assert_eq!(all(store).len(), 1, "what was not begun goes with its route");
        store.write(|tx| claim.failed(tx, "refused", now())).unwrap();
        assert!(take(store, "a", later(9999)).is_none());
        assert_eq!(all(store)[0].problem.as_deref(), Some("its route was removed"));
    });
}

#[test]
fn a_route_that_is_switched_off_sends_nothing_more() {
    on_each(|store| {
        let made = make(store, &settings(Digest::None));
        put(store, "prod-eu", &[event(1)]);
        let change = |enabled| {
            let settings = Settings { enabled, ..settings(Digest::None) };
            store.write(|tx| route::change(tx, &ADMIN, &made.id, &settings, None, &key(), now())).unwrap();
        };
        change(false);
        change(true);
        assert!(take(store, "a", later(60)).is_none());
        assert_eq!(all(store)[0].state, State::Dead);
    });
}

#[test]
fn deliveries_come_in_pages() {
    on_each(|store| {
        make(store, &settings(Digest::None));
        for seq in 1..=7 {
            put(store, "prod-eu", &[event(seq)]);
        }
        let first = store.read(|tx| list(tx, Some(State::Pending), None, 5)).unwrap();
        let rest = store.read(|tx| list(tx, Some(State::Pending), first.next.as_deref(), 5)).unwrap();
        assert_eq!((first.items.len(), rest.items.len(), rest.next), (5, 2, None));
        assert!(first.items.iter().all(|delivery| !rest.items.contains(delivery)));
    });
}

#[test]
fn what_an_evaluation_changes_is_in_the_outbox_with_it() {
    on_each(|store| {
        make(store, &Settings { namespaces: Vec::new(), ..settings(Digest::None) });
        let cluster = crate::contract::cluster(store, "prod-eu");
        let spec = |rule, place| crate::sample::Spec { rule, place, word: 0, waived: false };
        let (before, after) = (crate::sample::state(&[spec(0, 1)]), crate::sample::state(&[spec(0, 1), spec(1, 1)]));
        let batch = |before, after, sequence| rampart_protocol::Batch {
            epoch: "e".into(),
            sequence,
            ..rampart_protocol::Batch::between(before, after)
        };
        let send = |batch: &rampart_protocol::Batch| store.ingest(cluster, batch, now()).unwrap();
        let first = batch(None, &before, 1);
        send(&first);
        send(&first);
        assert_eq!(all(store).len(), 1, "a batch that comes twice is told once");
        send(&batch(Some(&before), &after, 2));
        // It closes and opens again: that is news.
        send(&batch(Some(&after), &before, 3));
        send(&batch(Some(&before), &after, 4));
        let mut told: Vec<_> = all(store).into_iter().map(|delivery| delivery.summary).collect();
        told.sort();
        assert_eq!(
            told,
            [
                "critical: rbac/wildcard-verb opened, Pod shop/web-1 in prod-eu",
                "high: rbac/secrets-reader opened, Pod shop/web-1 in prod-eu",
                "high: rbac/secrets-reader reopened, Pod shop/web-1 in prod-eu",
            ]
        );
    });
}
