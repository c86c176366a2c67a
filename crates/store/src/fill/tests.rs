//! That filled stores count right; and, when asked for, how long a large one takes to answer.

use std::time::Instant;

use jiff::Timestamp;
use rampart_model::{Control, Severity};

use super::{Rule, fill};
use crate::contract::on_each;
use crate::finding::group::By;
use crate::finding::list::Sort;
use crate::finding::{Filter, group, list};
use crate::grade::State;
use crate::{Failure, Grant, Scope, Store, Tx, cluster, compliance, overview, workload};

const RULES: [Rule; 6] = [
    Rule { id: "rbac/wildcard-verb", control: Control::Rbac, severity: Severity::Critical },
    Rule { id: "rbac/secrets-reader", control: Control::Rbac, severity: Severity::High },
    Rule { id: "pod_security/run-as-root", control: Control::PodSecurity, severity: Severity::High },
    Rule { id: "pod_security/host-path", control: Control::PodSecurity, severity: Severity::Medium },
    Rule { id: "network_policy/none", control: Control::NetworkPolicy, severity: Severity::Low },
    Rule { id: "namespaces/quota", control: Control::Namespaces, severity: Severity::Info },
];

fn now() -> Timestamp {
    "2026-05-01T11:00:00Z".parse().unwrap()
}

fn titles(rule: &str) -> String {
    rule.to_owned()
}

#[test]
fn a_filled_store_counts_what_it_holds() {
    on_each(|store| {
        assert_eq!(fill(store, 2, 300, &RULES, now()), Ok(600));
        let home = store.read(|tx| overview::get(tx, &Scope::all(), now(), &titles)).unwrap();
        let filter = Filter::default();
        let open = store.read(|tx| list::list(tx, &Scope::all(), &filter, Sort::Severity, None, 500, &titles)).unwrap();
        assert_eq!(open.total, home.counts.total());
        assert_eq!(open.total, 2 * (300 - 15 - 6));
        assert_eq!(home.clusters.total, 2);
        assert!(home.fix_first.iter().any(|fix| fix.cause.as_ref().is_some_and(|cause| cause.kind == "ClusterRole")));
    });
}

type Question = (&'static str, Box<dyn Fn(&mut Tx<'_>) -> Result<(), Failure>>);

fn questions() -> Vec<Question> {
    fn listed(name: &'static str, scope: Scope, filter: Filter, sort: Sort) -> Question {
        let ask = move |tx: &mut Tx<'_>| list::list(tx, &scope, &filter, sort, None, 50, &titles).map(drop);
        (name, Box::new(ask))
    }
    fn grouped(name: &'static str, by: By, filter: Filter) -> Question {
        (name, Box::new(move |tx| group::list(tx, &Scope::all(), by, &filter, None, 50, &titles).map(drop)))
    }
    let text = |text: &str| vec![text.to_owned()];
    let all = Scope::all;
    let team = Scope::of(vec![Grant { clusters: Vec::new(), namespaces: text("team-7") }]);
    let one = Scope::of(vec![Grant { clusters: text("fill-0002"), namespaces: Vec::new() }]);
    let (team_home, one_home) = (team.clone(), one.clone());
    let of = Filter::default;
    vec![
        ("home", Box::new(move |tx| overview::get(tx, &Scope::all(), now(), &titles).map(drop))),
        ("home of one cluster", Box::new(move |tx| overview::get(tx, &one_home, now(), &titles).map(drop))),
        ("home of a namespace everywhere", Box::new(move |tx| overview::get(tx, &team_home, now(), &titles).map(drop))),
        ("compliance", Box::new(|tx| compliance::get(tx, &Scope::all(), now()).map(drop))),
        ("clusters", Box::new(|tx| cluster::list(tx, &Scope::all(), None, 100, now()).map(drop))),
        ("cluster", Box::new(|tx| cluster::detail::get(tx, &Scope::all(), "fill-0002", now()).map(drop))),
        (
            "workload",
            Box::new(|tx| {
                workload::get(tx, &Scope::all(), "fill-0002", "ClusterRole", "", "role-5", &titles).map(drop)
            }),
        ),
        listed("findings", all(), of(), Sort::Severity),
        listed("findings, newest", all(), of(), Sort::Newest),
        listed("findings by subject", all(), of(), Sort::Subject),
        listed("findings, all states", all(), Filter { states: State::ALL.to_vec(), ..of() }, Sort::Severity),
        listed("findings of a control", all(), Filter { controls: vec![Control::PodSecurity], ..of() }, Sort::Severity),
        listed("findings of a rule", all(), Filter { rules: text("namespaces/quota"), ..of() }, Sort::Newest),
        listed("findings of a severity", all(), Filter { severities: vec![Severity::Low], ..of() }, Sort::Severity),
        listed("findings of a namespace", all(), Filter { namespaces: text("team-3"), ..of() }, Sort::Severity),
        listed("findings of a cluster", all(), Filter { clusters: text("fill-0002"), ..of() }, Sort::Newest),
        listed(
            "findings of a kind",
            all(),
            Filter { kinds: text("DaemonSet"), fixable: Some(true), ..of() },
            Sort::Severity,
        ),
        listed("findings of a name", all(), Filter { names: text("service-77"), ..of() }, Sort::Severity),
        listed("search, common", all(), Filter { q: Some("service-1".into()), ..of() }, Sort::Severity),
        listed("search, rare", all(), Filter { q: Some("service-1237".into()), ..of() }, Sort::Severity),
        listed("search, none", all(), Filter { q: Some("nowhere".into()), ..of() }, Sort::Severity),
        listed("findings of a team", team, of(), Sort::Severity),
        listed("findings of a tenant", one, of(), Sort::Newest),
        grouped("groups by rule", By::Rule, of()),
        grouped("groups by cause", By::Cause, of()),
        grouped("groups by cluster", By::Cluster, Filter { severities: vec![Severity::High], ..of() }),
        grouped("groups by namespace", By::Namespace, of()),
        grouped("groups by control", By::Control, Filter { kinds: text("DaemonSet"), ..of() }),
        grouped(
            "groups by cause of a cluster",
            By::Cause,
            Filter { clusters: text("fill-0002"), rules: text("rbac/secrets-reader"), ..of() },
        ),
    ]
}

/// `RAMPART_STORE_FILL=CLUSTERSxFINDINGS` and `RAMPART_STORE_URL` of an empty database: fills it and says how long answers
/// take.
#[test]
fn answers_of_a_large_store_are_timed_when_asked_for() {
    let (Ok(size), Ok(url)) = (std::env::var("RAMPART_STORE_FILL"), std::env::var("RAMPART_STORE_URL")) else { return };
    let (clusters, findings) = size.split_once('x').unwrap();
    let store = Store::open(&url).unwrap();
    let start = Instant::now();
    let made = fill(&store, clusters.parse().unwrap(), findings.parse().unwrap(), &RULES, now()).unwrap();
    eprintln!("{made} findings in {:.1} s", start.elapsed().as_secs_f64());
    store.analyze().unwrap();
    for (name, ask) in questions() {
        let mut times: Vec<f64> = (0..7)
            .map(|_| {
                let start = Instant::now();
                store.read(|tx| ask(tx)).unwrap();
                start.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        eprintln!("{name:40} median {:8.1} ms, slowest {:8.1} ms", times[3], times[6]);
    }
}
