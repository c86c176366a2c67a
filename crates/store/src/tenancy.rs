//! Two tenants: whatever is asked under a scope answers as the filter of everything would, and never shows the other's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rampart_model::Severity;
use rampart_protocol::Batch;

use crate::contract::{cluster, on_each};
use crate::finding::group::{By, Group};
use crate::finding::list::Sort;
use crate::finding::{Filter, FindingBrief, group, list, one};
use crate::grade::{State, rank};
use crate::sample::{NAMESPACES, Spec, specs, state};
use crate::{Grant, Kind, Scope, Store, Tx, cluster as clusters, compliance, gap, overview, workload};

const NAMES: [&str; 3] = ["prod-a", "prod-b", "test-a"];

fn now() -> Timestamp {
    "2026-05-01T11:00:00Z".parse().unwrap()
}

fn titles(rule: &str) -> String {
    format!("title of {rule}")
}

fn scopes() -> impl Strategy<Value = Scope> {
    let pick = |from: &'static [&'static str]| {
        prop::collection::vec(prop::sample::select(from), 0..3)
            .prop_map(|globs| globs.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let grant =
        (pick(&["prod-a", "prod-b", "prod-*", "*-a", "test-?", "none"]), pick(&["shop", "shop*", "p?y", "[", "*"]))
            .prop_map(|(clusters, namespaces)| Grant { clusters, namespaces });
    prop_oneof![1 => Just(Scope::all()), 6 => prop::collection::vec(grant, 0..3).prop_map(Scope::of)]
}

fn filters() -> impl Strategy<Value = Filter> {
    let some = |from: &'static [&'static str]| {
        prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(prop::sample::select(from), 1..3)]
            .prop_map(|texts| texts.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let severities = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(prop::sample::select(&Severity::ALL[..]), 1..3)
    ];
    let states = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(prop::sample::select(&State::ALL[..]), 1..4)
    ];
    let q = prop::option::weighted(0.2, prop::sample::select(&["WEB-1", "secrets", "shop", "%", "_"][..]));
    let parts = (some(&NAMES), some(&["", "shop", "pay"]), severities, states, some(&["Pod", "Deployment"]));
    (parts, prop::option::weighted(0.2, any::<bool>()), q).prop_map(|(parts, fixable, q)| {
        let (clusters, namespaces, severities, states, kinds) = parts;
        Filter {
            clusters,
            namespaces,
            severities,
            states,
            kinds,
            fixable,
            q: q.map(str::to_owned),
            ..Filter::default()
        }
    })
}

/// All pages of a list.
fn every(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, sort: Sort, size: usize) -> (Vec<FindingBrief>, u64) {
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = list::list(tx, scope, filter, sort, cursor.as_deref(), size, &titles).unwrap();
        assert!(page.items.len() <= size && page.total_is_exact);
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return (found, page.total);
        }
    }
}

fn is_meant(filter: &Filter, finding: &FindingBrief) -> bool {
    let has = |texts: &[String], text: &str| texts.is_empty() || texts.iter().any(|one| one == text);
    let subject = &finding.subject;
    let contains = |text: &str, q: &str| text.to_lowercase().contains(&q.to_lowercase());
    has(&filter.clusters, &finding.cluster)
        && has(&filter.namespaces, &subject.namespace)
        && has(&filter.kinds, &subject.kind)
        && (filter.severities.is_empty() || filter.severities.contains(&finding.severity))
        && filter.states().contains(&finding.state)
        && filter.fixable.is_none_or(|fixable| fixable == finding.fixable)
        && filter
            .q
            .as_ref()
            .is_none_or(|q| [&*subject.name, &subject.namespace, &finding.rule].iter().any(|text| contains(text, q)))
}

fn is_seen(scope: &Scope, finding: &FindingBrief) -> bool {
    scope.sees(&finding.cluster, &finding.subject.namespace)
}

type Known = BTreeMap<(String, String), (FindingBrief, Option<(String, String, String)>)>;

fn check_lists(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, all: &Known) {
    let wanted: Vec<&FindingBrief> = all
        .values()
        .map(|(finding, _)| finding)
        .filter(|finding| is_seen(scope, finding) && is_meant(filter, finding))
        .collect();
    for (sort, size) in [(Sort::Severity, 3), (Sort::Newest, 4), (Sort::Oldest, 100), (Sort::Subject, 2)] {
        let (found, total) = every(tx, scope, filter, sort, size);
        let key = |finding: &FindingBrief| (finding.cluster.clone(), finding.fingerprint.clone());
        let found_keys: BTreeSet<_> = found.iter().map(key).collect();
        assert_eq!(found.len(), found_keys.len(), "a finding came twice");
        assert_eq!(found_keys, wanted.iter().map(|finding| key(finding)).collect(), "{scope:?} {filter:?} {sort:?}");
        assert_eq!(total, wanted.len() as u64, "{scope:?} {filter:?}");
        let ordered = found.windows(2).all(|pair| match sort {
            Sort::Severity => rank(pair[0].severity) <= rank(pair[1].severity),
            Sort::Newest => pair[0].first_seen >= pair[1].first_seen,
            Sort::Oldest => pair[0].first_seen <= pair[1].first_seen,
            Sort::Subject => {
                pair[0].cluster != pair[1].cluster || pair[0].subject.namespace <= pair[1].subject.namespace
            }
        });
        assert!(ordered, "{sort:?}");
    }
}

fn check_groups(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, all: &Known) {
    for by in [By::Rule, By::Cause, By::Cluster, By::Namespace, By::Control] {
        let mut wanted: BTreeMap<String, Vec<&FindingBrief>> = BTreeMap::new();
        for (finding, cause) in all.values() {
            if !is_seen(scope, finding) || !is_meant(filter, finding) {
                continue;
            }
            let subject = &finding.subject;
            let own = || (subject.kind.to_string(), subject.namespace.to_string(), subject.name.to_string());
            let (kind, namespace, name) = cause.clone().unwrap_or_else(own);
            let key = match by {
                By::Rule => finding.rule.clone(),
                By::Cause => {
                    let namespace = if namespace.is_empty() { "-" } else { &namespace };
                    format!("{}/{kind}/{namespace}/{name}", finding.cluster)
                }
                By::Cluster => finding.cluster.clone(),
                By::Namespace => subject.namespace.to_string(),
                By::Control => finding.control.id().to_owned(),
            };
            wanted.entry(key).or_default().push(finding);
        }
        let mut found: Vec<Group> = Vec::new();
        let mut cursor = None;
        loop {
            let page = group::list(tx, scope, by, filter, cursor.as_deref(), 2, &titles).unwrap();
            found.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found.len(), wanted.len(), "{by:?} {scope:?} {filter:?} {found:?}");
        assert!(found.windows(2).all(|pair| {
            (rank(pair[0].severity), std::cmp::Reverse(pair[0].findings))
                <= (rank(pair[1].severity), std::cmp::Reverse(pair[1].findings))
        }));
        for group in found {
            let findings = &wanted[&group.key];
            let distinct = |key: &dyn Fn(&FindingBrief) -> String| {
                findings.iter().map(|finding| key(finding)).collect::<BTreeSet<_>>().len() as u64
            };
            let counted = (group.findings, group.clusters, group.subjects, group.fixable, rank(group.severity));
            let subjects = distinct(&|finding| {
                let rule = if by == By::Cause { "" } else { finding.rule.as_str() };
                format!("{rule} {} {}", finding.cluster, finding.subject)
            });
            let fixable = findings.iter().filter(|finding| finding.fixable).count() as u64;
            let severity = findings.iter().map(|finding| rank(finding.severity)).min().unwrap();
            let expected =
                (findings.len() as u64, distinct(&|finding| finding.cluster.clone()), subjects, fixable, severity);
            assert_eq!(counted, expected, "{by:?} {} {scope:?} {filter:?}", group.key);
        }
    }
}

/// Everything else that can be read: what is hidden does not occur in any answer.
fn check_pages(tx: &mut Tx<'_>, scope: &Scope, all: &Known) {
    let mut answers = String::new();
    let mut tell = |value: serde_json::Value| answers.push_str(&value.to_string());
    let seen: Vec<&FindingBrief> =
        all.values().map(|(finding, _)| finding).filter(|finding| is_seen(scope, finding)).collect();
    let open = |cluster: &str| {
        let of = |finding: &&&FindingBrief| {
            finding.state == State::Open && (cluster.is_empty() || finding.cluster == cluster)
        };
        seen.iter().filter(of).count() as u64
    };
    let home = overview::get(tx, scope, now(), &titles).unwrap();
    assert_eq!(home.counts.total(), open(""));
    assert_eq!(home.controls.len(), 15);
    for fix in &home.fix_first {
        assert!(fix.findings <= open(fix.cluster.as_deref().unwrap_or("")));
    }
    tell(serde_json::to_value(&home).unwrap());
    let listed = clusters::list(tx, scope, None, 500, now()).unwrap().items;
    let names: Vec<&str> = NAMES.into_iter().filter(|name| scope.sees_some(name)).collect();
    assert_eq!(listed.iter().map(|brief| brief.name.as_str()).collect::<Vec<_>>(), names);
    for brief in &listed {
        assert_eq!(brief.counts.total(), open(&brief.name));
        let detail = clusters::detail::get(tx, scope, &brief.name, now()).unwrap();
        assert!(detail.namespaces.iter().all(|namespace| scope.sees(&brief.name, &namespace.name)));
        assert_eq!(detail.gaps.is_empty(), !scope.sees_whole(&brief.name));
        tell(serde_json::to_value(&detail).unwrap());
    }
    for name in NAMES.into_iter().filter(|name| !scope.sees_some(name)) {
        assert_eq!(clusters::detail::get(tx, scope, name, now()).unwrap_err().kind, Kind::Missing);
    }
    let matrix = compliance::get(tx, scope, now()).unwrap();
    assert_eq!(matrix.clusters.iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), names);
    tell(serde_json::to_value(&matrix).unwrap());
    let gaps = gap::list(tx, scope, &gap::Filter::default(), None, 500).unwrap().items;
    assert_eq!(gaps.len(), NAMES.into_iter().filter(|name| scope.sees_whole(name)).count());
    for (finding, _) in all.values() {
        let is_seen = is_seen(scope, finding);
        let one = one::get(tx, scope, &finding.cluster, &finding.fingerprint, &titles);
        assert_eq!(one.as_ref().map(|one| &one.brief).ok(), is_seen.then_some(finding));
        let subject = &finding.subject;
        let work =
            workload::get(tx, scope, &finding.cluster, &subject.kind, &subject.namespace, &subject.name, &titles);
        assert_eq!(work.is_ok(), is_seen);
        if let Ok(work) = work {
            assert!(work.findings.contains(finding));
            tell(serde_json::to_value(&work).unwrap());
        }
    }
    for hidden in all.values().map(|(finding, _)| finding).filter(|finding| !is_seen(scope, finding)) {
        let is_shown_elsewhere = seen.iter().any(|finding| finding.fingerprint == hidden.fingerprint);
        assert!(is_shown_elsewhere || !answers.contains(&hidden.fingerprint), "{scope:?} shows {hidden:?}");
    }
    if !NAMES.iter().any(|name| scope.sees_some(name)) {
        assert!(NAMESPACES.iter().all(|name| name.is_empty() || !answers.contains(&format!("\"{name}\""))));
    }
}

fn fill(store: &Store, evaluations: &[(Vec<Spec>, Vec<Spec>)]) -> Known {
    for (name, (first, second)) in NAMES.into_iter().zip(evaluations) {
        let id = cluster(store, name);
        let (first, second) = (state(first), state(second));
        for (number, batch) in
            [Batch::between(None, &first), Batch::between(Some(&first), &second)].into_iter().enumerate()
        {
            let batch = Batch { epoch: "e".to_owned(), sequence: number as u64 + 1, ..batch };
            let at = now() + jiff::SignedDuration::from_mins(i64::try_from(number).unwrap());
            store.ingest(id, &batch, at).unwrap();
        }
    }
    let states = Filter { states: State::ALL.to_vec(), ..Filter::default() };
    store
        .read(|tx| {
            let (found, _) = every(tx, &Scope::all(), &states, Sort::Severity, 500);
            let mut known = Known::new();
            for finding in found {
                let one = one::get(tx, &Scope::all(), &finding.cluster, &finding.fingerprint, &titles)?;
                let cause = one.cause.map(|cause| (cause.kind.into(), cause.namespace.into(), cause.name.into()));
                known.insert((finding.cluster.clone(), finding.fingerprint.clone()), (finding, cause));
            }
            Ok(known)
        })
        .unwrap()
}

#[test]
fn under_any_scope_every_answer_is_the_filter_of_all_and_shows_nothing_else() {
    on_each(|store| {
        let mut runner = TestRunner::new(Config { cases: 12, max_shrink_iters: 40, ..Config::default() });
        let evaluations = prop::collection::vec((specs(20), specs(20)), 3);
        let asked = prop::collection::vec((scopes(), filters()), 4);
        runner
            .run(&(evaluations, asked), |(evaluations, asked)| {
                let all = fill(store, &evaluations);
                for (scope, filter) in &asked {
                    store
                        .read(|tx| {
                            check_lists(tx, scope, filter, &all);
                            check_groups(tx, scope, filter, &all);
                            check_pages(tx, scope, &all);
                            Ok(())
                        })
                        .unwrap();
                }
                for name in NAMES {
                    store.write(|tx| clusters::remove(tx, name)).unwrap();
                }
                Ok(())
            })
            .unwrap();
    });
}
