//! Waivers on both databases: asking, deciding with four eyes, ending, and who sees what.

use jiff::Timestamp;
use rampart_protocol::Batch;

use crate::contract::on_each;
use crate::waiver::decide::{decide, revoke};
use crate::waiver::expire::expire;
use crate::waiver::read::{Filter, approved_for, get, list};
use crate::waiver::request::{request, request_for};
use crate::waiver::{Bulk, Decision, Request, Selected, State, Waiver};
use crate::{Actor, Grant, Kind, Scope, Store, desired, sample, values};

const ADA: Actor<'static> = Actor { id: "u-ada", name: "ada" };
const BOB: Actor<'static> = Actor { id: "u-bob", name: "bob" };
const EVE: Actor<'static> = Actor { id: "u-eve", name: "eve" };

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-05-01T10:00:00Z")
}

fn wanted(clusters: &[&str], namespace: Option<&str>) -> Request {
    Request {
        rule: "pod-security/privileged".into(),
        clusters: clusters.iter().map(|&name| name.to_owned()).collect(),
        kind: Some("Deployment".into()),
        namespace: namespace.map(str::to_owned),
        name: Some("web".into()),
        key: None,
        reason: "it reads the node's logs".into(),
        owner: "team-a".into(),
        expires: "2026-06-01".parse().unwrap(),
    }
}

/// A waiver of these places that was never stored.
pub(super) fn made(clusters: &[String], namespace: Option<&str>) -> Waiver {
    let Request { rule, kind, name, key, reason, owner, expires, .. } = wanted(&[], None);
    Waiver {
        id: "w-1".into(),
        rule,
        clusters: clusters.to_vec(),
        kind,
        namespace: namespace.map(str::to_owned),
        name,
        key,
        reason,
        owner,
        expires,
        state: State::Requested,
        requested_by: "ada".into(),
        requested_at: now(),
        decided_by: None,
        decided_at: None,
        comment: None,
        requester: "u-ada".into(),
    }
}

fn scope(clusters: &[&str], namespaces: &[&str]) -> Scope {
    let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    Scope::of(vec![Grant { clusters: owned(clusters), namespaces: owned(namespaces) }])
}

fn ask(store: &Store, request_: &Request) -> Waiver {
    store.write(|tx| request(tx, &Scope::all(), &ADA, request_, now())).unwrap()
}

fn approve(store: &Store, id: &str) -> Waiver {
    store.write(|tx| decide(tx, &Scope::all(), &BOB, id, Decision::Approve, "fine", now())).unwrap()
}

fn cluster(store: &Store, name: &str) -> i64 {
    crate::contract::cluster(store, name)
}

fn version(store: &Store, cluster: i64) -> u64 {
    store.read(|tx| desired::version(tx, cluster)).unwrap()
}

#[test]
fn an_approved_waiver_is_wanted_of_the_clusters_that_it_covers() {
    on_each(|store| {
        let (prod, test) = (cluster(store, "prod-eu"), cluster(store, "test"));
        let asked = ask(store, &wanted(&["prod-*"], Some("shop")));
        assert_eq!((asked.state, asked.requested_by.as_str()), (State::Requested, "ada"));
        assert_eq!((version(store, prod), version(store, test)), (1, 1));
        let decided = approve(store, &asked.id);
        assert_eq!((decided.state, decided.decided_by.as_deref()), (State::Approved, Some("bob")));
        assert_eq!((version(store, prod), version(store, test)), (2, 1));
        let desired = store.read(|tx| desired::of(tx, prod, now())).unwrap();
        assert_eq!((desired.version, desired.waivers.len()), (2, 1));
        assert_eq!(desired.waivers[0].expires, "2026-06-01");
        assert!(store.read(|tx| desired::of(tx, test, now())).unwrap().waivers.is_empty());
        assert_eq!(store.read(|tx| approved_for(tx, "prod-eu", now())).unwrap(), std::slice::from_ref(&decided));
        assert_eq!(decided.to_model().origin, format!("waiver {}", decided.id));

        let revoked = store.write(|tx| revoke(tx, &Scope::all(), &BOB, &asked.id, "", now())).unwrap();
        assert_eq!(revoked.state, State::Revoked);
        assert_eq!(version(store, prod), 3);
        assert!(store.read(|tx| desired::of(tx, prod, now())).unwrap().waivers.is_empty());
        let actions = store.read(|tx| crate::audit::list(tx, &crate::audit::Filter::default(), None, 9)).unwrap();
        let actions: Vec<_> = actions.items.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["waiver.revoke", "waiver.approve", "waiver.request"]);
    });
}

#[test]
fn who_asked_cannot_decide_but_may_withdraw() {
    on_each(|store| {
        let asked = ask(store, &wanted(&[], None));
        for decision in [Decision::Approve, Decision::Reject] {
            let refused =
                store.write(|tx| decide(tx, &Scope::all(), &ADA, &asked.id, decision, "", now())).unwrap_err();
            assert_eq!(refused.kind, Kind::Denied);
        }
        // Not even past the program.
        let forced = store.write(|tx| {
            tx.execute(
                "UPDATE waiver SET state = 'approved', decided_by = requested_by WHERE id = ?1",
                values![&asked.id],
            )
        });
        assert_eq!(forced.unwrap_err().kind, Kind::Conflict);
        let withdrawn = store.write(|tx| revoke(tx, &scope(&["x"], &[]), &ADA, &asked.id, "", now()));
        assert_eq!(withdrawn.unwrap().state, State::Revoked);
    });
}

#[test]
fn a_decision_is_made_once() {
    on_each(|store| {
        let asked = ask(store, &wanted(&[], None));
        approve(store, &asked.id);
        let again = store.write(|tx| decide(tx, &Scope::all(), &EVE, &asked.id, Decision::Reject, "", now()));
        let again = again.unwrap_err();
        assert_eq!((again.kind, again.message()), (Kind::Conflict, "this waiver is approved already"));
    });
}

#[test]
fn of_two_who_decide_at_once_one_is_told() {
    on_each(|store| {
        for _ in 0..8 {
            let asked = ask(store, &wanted(&[], None));
            let outcomes: Vec<_> = std::thread::scope(|threads| {
                let deciders = [(BOB, Decision::Approve), (EVE, Decision::Reject)].map(|(actor, decision)| {
                    let id = &asked.id;
                    threads.spawn(move || store.write(|tx| decide(tx, &Scope::all(), &actor, id, decision, "", now())))
                });
                deciders.into_iter().map(|decider| decider.join().unwrap()).collect()
            });
            let won: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
            assert_eq!(won.len(), 1, "{outcomes:?}");
            assert!(
                outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|error| error.kind == Kind::Conflict)
            );
            let stored = store.read(|tx| get(tx, &Scope::all(), &asked.id)).unwrap();
            assert_eq!(stored, *won[0]);
        }
    });
}

#[test]
fn waivers_end_after_their_last_day_and_only_once() {
    on_each(|store| {
        let prod = cluster(store, "prod");
        let asked = ask(store, &wanted(&["prod"], None));
        approve(store, &asked.id);
        let last_moment = at("2026-06-01T23:59:59Z");
        assert!(store.write(|tx| expire(tx, last_moment)).unwrap().is_empty());
        assert_eq!(store.read(|tx| approved_for(tx, "prod", last_moment)).unwrap().len(), 1);
        let next_day = at("2026-06-02T00:00:00Z");
        // Nobody has run the expiry yet, and it holds no more all the same.
        assert!(store.read(|tx| approved_for(tx, "prod", next_day)).unwrap().is_empty());
        let ended = store.write(|tx| expire(tx, next_day)).unwrap();
        assert_eq!((ended.len(), ended[0].state, ended[0].decided_by.as_deref()), (1, State::Expired, Some("bob")));
        assert_eq!(version(store, prod), 3);
        assert!(store.write(|tx| expire(tx, next_day)).unwrap().is_empty());
        assert_eq!(version(store, prod), 3);
        let late = ask(store, &Request { expires: "2026-05-01".parse().unwrap(), ..wanted(&[], None) });
        let refused =
            store.write(|tx| decide(tx, &Scope::all(), &BOB, &late.id, Decision::Approve, "", next_day)).unwrap_err();
        assert!(refused.message().contains("is over"), "{refused}");
    });
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_field() {
    on_each(|store| {
        let good = wanted(&["a"], None);
        let cases = [
            ("rule", Request { rule: " ".into(), ..good.clone() }),
            ("rule", Request { rule: "**".into(), ..good.clone() }),
            ("reason", Request { reason: String::new(), ..good.clone() }),
            ("owner", Request { owner: "x".repeat(201), ..good.clone() }),
            ("clusters", Request { clusters: vec![String::new()], ..good.clone() }),
            ("expires", Request { expires: "2026-04-30".parse().unwrap(), ..good.clone() }),
            ("name", Request { name: Some("\u{1b}[31m".into()), ..good.clone() }),
        ];
        for (field, request_) in cases {
            let refused = store.write(|tx| request(tx, &Scope::all(), &ADA, &request_, now())).unwrap_err();
            assert_eq!((refused.kind, refused.field()), (Kind::Invalid, Some(field)), "{refused}");
        }
        assert!(store.read(|tx| list(tx, &Scope::all(), &Filter::default(), None, 9)).unwrap().items.is_empty());
    });
}

#[test]
fn people_see_and_decide_what_lies_in_their_scope() {
    on_each(|store| {
        let shop = ask(store, &wanted(&["prod-eu"], Some("shop")));
        let pay = ask(store, &wanted(&["prod-eu"], Some("pay")));
        let all = ask(store, &wanted(&[], None));
        let seen = |scope: &Scope| {
            let page = store.read(|tx| list(tx, scope, &Filter::default(), None, 9)).unwrap();
            let mut ids: Vec<_> = page.items.into_iter().map(|waiver| waiver.id).collect();
            ids.sort();
            ids
        };
        let ids = |waivers: &[&Waiver]| {
            let mut ids: Vec<_> = waivers.iter().map(|waiver| waiver.id.clone()).collect();
            ids.sort();
            ids
        };
        let tenant = scope(&["prod-*"], &["shop"]);
        // A waiver over everything excuses the tenant's findings, too.
        assert_eq!(seen(&tenant), ids(&[&shop, &all]));
        assert_eq!(seen(&Scope::all()), ids(&[&shop, &pay, &all]));
        assert_eq!(seen(&scope(&["test"], &["shop"])), ids(&[&all]));
        assert_eq!(seen(&Scope::nothing()), ids(&[]));
        let hidden = store.read(|tx| get(tx, &tenant, &pay.id)).unwrap_err();
        assert_eq!(hidden.kind, Kind::Missing);
        let decides = |id: &str| store.write(|tx| decide(tx, &tenant, &BOB, id, Decision::Approve, "", now()));
        assert_eq!(decides(&pay.id).unwrap_err().kind, Kind::Missing);
        assert_eq!(decides(&all.id).unwrap_err().kind, Kind::Denied);
        assert_eq!(decides(&shop.id).unwrap().state, State::Approved);
        let beyond = store.write(|tx| request(tx, &tenant, &ADA, &wanted(&["prod-eu"], None), now())).unwrap_err();
        assert_eq!(beyond.kind, Kind::Denied);
        assert!(store.write(|tx| request(tx, &tenant, &ADA, &wanted(&["prod-us"], Some("shop")), now())).is_ok());
    });
}

#[test]
fn lists_come_in_pages_and_by_filter() {
    on_each(|store| {
        let mut expected: Vec<String> = Vec::new();
        for number in 0..250 {
            let when = now().saturating_add(jiff::SignedDuration::from_secs(number / 2)).unwrap();
            let cluster = if number % 5 == 0 { "prod" } else { "test" };
            let made = store.write(|tx| request(tx, &Scope::all(), &ADA, &wanted(&[cluster], None), when)).unwrap();
            if cluster == "prod" {
                expected.push(made.id);
            }
        }
        let filter = Filter { cluster: Some("prod".into()), states: vec![State::Requested], rule: None };
        let (mut found, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = store.read(|tx| list(tx, &Scope::all(), &filter, cursor.as_deref(), 7)).unwrap();
            found.extend(page.items.into_iter().map(|waiver| waiver.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let count = found.len();
        found.sort();
        expected.sort();
        assert_eq!((count, found), (50, expected));
        let none = Filter { states: vec![State::Approved], ..Filter::default() };
        assert!(store.read(|tx| list(tx, &Scope::all(), &none, None, 7)).unwrap().items.is_empty());
    });
}

/// Findings of a cluster by rule and place, as an agent sends them.
fn ingest(store: &Store, cluster: &str, findings: &[(u8, u8)]) -> Vec<Selected> {
    let specs: Vec<_> =
        findings.iter().map(|&(rule, place)| sample::Spec { rule, place, word: 0, waived: false }).collect();
    let state = sample::state(&specs);
    let batch = Batch { epoch: "e".into(), sequence: 1, ..Batch::between(None, &state) };
    let id = crate::contract::cluster(store, cluster);
    store.ingest(id, &batch, now()).unwrap();
    let selected = |fingerprint: &String| Selected { cluster: cluster.to_owned(), fingerprint: fingerprint.clone() };
    state.records.keys().map(selected).collect()
}

#[test]
fn ticked_findings_become_one_waiver_for_each_rule_and_subject() {
    on_each(|store| {
        // Place 1 is in the namespace shop, place 3 in pay.
        let mut ticked = ingest(store, "prod-eu", &[(0, 1), (2, 1), (2, 3)]);
        ticked.extend(ingest(store, "prod-us", &[(0, 1)]));
        let bulk = |findings: &[Selected]| Bulk {
            findings: findings.to_vec(),
            reason: "known".into(),
            owner: "team".into(),
            expires: "2026-06-01".parse().unwrap(),
        };
        let ask = |scope: &Scope, findings: &[Selected]| {
            store.write(|tx| request_for(tx, scope, &ADA, &bulk(findings), now()))
        };
        let made = ask(&Scope::all(), &ticked).unwrap();
        let shown: Vec<_> = made
            .iter()
            .map(|waiver| (waiver.rule.as_str(), waiver.namespace.as_deref().unwrap_or("-"), waiver.clusters.len()))
            .collect();
        assert_eq!(
            shown,
            [
                ("pod_security/run-as-root", "pay", 1),
                ("pod_security/run-as-root", "shop", 1),
                ("rbac/wildcard-verb", "shop", 2),
            ]
        );
        assert!(made.iter().all(|waiver| waiver.kind.as_deref() == Some("Pod") && waiver.key.is_none()));

        let tenant = scope(&["prod-*"], &["shop"]);
        assert_eq!(ask(&tenant, &ticked).unwrap_err().kind, Kind::Missing, "one of them is another tenant's");
        assert_eq!(ask(&Scope::all(), &[]).unwrap_err().kind, Kind::Invalid);
        let unknown = Selected { cluster: "prod-eu".into(), fingerprint: "nothing".into() };
        assert_eq!(ask(&Scope::all(), &[unknown]).unwrap_err().kind, Kind::Missing);
        let all = store.read(|tx| list(tx, &Scope::all(), &Filter::default(), None, 9)).unwrap();
        assert_eq!(all.items.len(), 3, "what failed left nothing");
    });
}

fn ended(store: &Store, id: &str) -> bool {
    store.read(|tx| get(tx, &Scope::all(), id)).unwrap().state == State::Expired
}

#[test]
fn ending_and_deciding_at_once_leave_each_waiver_in_one_state_with_one_entry_for_each_change() {
    on_each(|store| {
        for name in ["a", "b", "c", "d"] {
            cluster(store, name);
        }
        let over = at("2026-06-02T00:00:00Z");
        let asked: Vec<Waiver> =
            (0..12).map(|number| ask(store, &wanted(&[["d", "c", "b", "a", "*"][number % 5]], None))).collect();
        std::thread::scope(|threads| {
            for _ in 0..2 {
                threads.spawn(|| {
                    for _ in 0..4 {
                        store.write(|tx| expire(tx, over)).unwrap();
                    }
                });
            }
            threads.spawn(|| {
                for waiver in asked.iter().rev() {
                    let decided =
                        store.write(|tx| decide(tx, &Scope::all(), &BOB, &waiver.id, Decision::Approve, "", now()));
                    // It may have ended first.
                    assert!(decided.is_ok_and(|waiver| waiver.state == State::Approved) || ended(store, &waiver.id));
                }
            });
        });
        store.write(|tx| expire(tx, over)).unwrap();
        let page = store.read(|tx| list(tx, &Scope::all(), &Filter::default(), None, 99)).unwrap();
        assert!(page.items.iter().all(|waiver| waiver.state == State::Expired));
        let entries = |action: &str| {
            let filter = crate::audit::Filter { action: Some(action.to_owned()), ..Default::default() };
            store.read(|tx| crate::audit::list(tx, &filter, None, 99)).unwrap().items.len()
        };
        assert_eq!((entries("waiver.request"), entries("waiver.expire")), (12, 12));
    });
}
