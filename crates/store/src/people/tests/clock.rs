//! What is done by the clock, by one replica, and what people set.

use super::{ADMIN, later, local, new_join_token, now, principal};
use crate::contract::on_each;
use crate::session::Limits;
use crate::{Kind, Role, RoleGrant, lease, report_schedule, session, setting, sweep, token, values};
use jiff::SignedDuration;

#[test]
fn one_replica_leads_until_it_stops_asking() {
    on_each(|store| {
        let lead = |holder: &str, at| {
            store.write(|tx| lease::try_lead(tx, "reconcile", holder, SignedDuration::from_secs(10), at)).unwrap()
        };
        let won: Vec<_> = std::thread::scope(|threads| {
            let asking = ["a", "b", "c"].map(|holder| threads.spawn(move || (holder, lead(holder, now()))));
            asking.into_iter().map(|asked| asked.join().unwrap()).filter(|(_, leads)| *leads).collect()
        });
        assert_eq!(won.len(), 1, "{won:?}");
        let (leader, other) = (won[0].0, if won[0].0 == "a" { "b" } else { "a" });
        assert!(lead(leader, later(5)), "it renews");
        assert!(!lead(other, later(12)), "renewed until 15");
        assert!(lead(other, later(15)), "the leader is gone");
        assert!(!lead(leader, later(16)));
        assert_eq!(store.read(|tx| lease::leader(tx, "reconcile", later(16))).unwrap().as_deref(), Some(other));
        store.write(|tx| lease::resign(tx, "reconcile", other)).unwrap();
        assert!(lead(leader, later(16)));
        let replicas =
            |holder: &str, at| store.write(|tx| lease::present(tx, holder, SignedDuration::from_secs(30), at)).unwrap();
        assert_eq!((replicas("a", now()), replicas("b", later(1)), replicas("b", later(31))), (1, 2, 1));
    });
}

#[test]
fn a_turn_is_taken_once() {
    on_each(|store| {
        let day = SignedDuration::from_hours(24);
        let turn = |at| store.write(|tx| lease::take_turn(tx, "digest", day, at)).unwrap();
        let taken: usize = std::thread::scope(|threads| {
            let asking = [(); 4].map(|()| threads.spawn(|| turn(now())));
            asking.into_iter().map(|asked| usize::from(asked.join().unwrap())).sum()
        });
        assert_eq!(taken, 1);
        assert!(!turn(later(86399)) && turn(later(86400)));
    });
}

#[test]
fn a_scheduled_report_is_made_once_each_turn() {
    on_each(|store| {
        let wanted = report_schedule::Wanted {
            format: "html".into(),
            cluster: Some("prod".into()),
            framework: None,
            cron: report_schedule::Cron::Daily,
            route: None,
        };
        let made = store.write(|tx| report_schedule::create(tx, &ADMIN, &wanted, now())).unwrap();
        let due = |at| store.write(|tx| report_schedule::take_due(tx, at)).unwrap().len();
        assert_eq!(due(now()), 0, "the first turn is the next one");
        let day = 86400;
        assert_eq!((due(later(day)), due(later(day + 60)), due(later(3 * day)), due(later(3 * day))), (1, 0, 1, 0));
        store.write(|tx| report_schedule::finished(tx, &made.id, "sent")).unwrap();
        let listed = store.read(report_schedule::list).unwrap();
        assert_eq!(listed[0].last_outcome.as_deref(), Some("sent"));
        let lost = report_schedule::Wanted { route: Some("r-none".into()), ..wanted };
        assert_eq!(
            store.write(|tx| report_schedule::create(tx, &ADMIN, &lost, now())).unwrap_err().kind,
            Kind::Missing
        );
        store.write(|tx| report_schedule::remove(tx, &ADMIN, &made.id, now())).unwrap();
        assert!(store.read(report_schedule::list).unwrap().is_empty());
    });
}

#[test]
fn settings_and_frameworks_read_back() {
    on_each(|store| {
        let prod = crate::contract::cluster(store, "prod");
        let set = |value: &[&str]| {
            store.write(|tx| setting::set(tx, &ADMIN, crate::desired::ALLOWED_REGISTRIES, &value, now())).unwrap();
        };
        set(&["ghcr.io"]);
        set(&["ghcr.io"]);
        let desired = store.read(|tx| crate::desired::of(tx, prod, now())).unwrap();
        assert_eq!(
            (desired.version, desired.allowed_registries),
            (2, vec!["ghcr.io".to_owned()]),
            "unchanged is no change"
        );
        assert_eq!(store.read(|tx| setting::get::<String>(tx, "nothing")).unwrap(), None);
        store.write(|tx| crate::desired::rescan(tx, prod)).unwrap();
        assert_eq!(store.read(|tx| crate::desired::of(tx, prod, now())).unwrap().rescan, 1);
        let put = |text: &str| {
            store.write(|tx| crate::framework::put(tx, &ADMIN, ("own", "Our own", "1"), text, now())).unwrap();
        };
        put("a: 1");
        put("a: 2");
        let listed = store.read(crate::framework::list).unwrap();
        assert_eq!((listed.len(), listed[0].text.as_str()), (1, "a: 2"));
        store.write(|tx| crate::framework::remove(tx, &ADMIN, "own", now())).unwrap();
        assert!(store.write(|tx| crate::framework::remove(tx, &ADMIN, "own", now())).is_err());
    });
}

#[test]
fn what_is_over_is_forgotten() {
    on_each(|store| {
        let ada = local(store, "ada", &[RoleGrant::everywhere(Role::Admin)]);
        store.write(|tx| session::start(tx, &ada, Limits::default(), now()).map(drop)).unwrap();
        new_join_token(store, None, 1);
        let owner = principal(store, &ada);
        let wanted = token::Wanted {
            name: "ci".into(),
            role: Role::Viewer,
            clusters: Vec::new(),
            namespaces: Vec::new(),
            expires: later(60),
        };
        store.write(|tx| token::create(tx, &owner, &wanted, now()).map(drop)).unwrap();
        assert_eq!(store.write(|tx| sweep::sweep(tx, later(1))), Ok(0));
        assert_eq!(store.write(|tx| sweep::sweep(tx, later(86400))), Ok(3));
        let count = store.read(|tx| tx.first("SELECT COUNT(*) FROM session", values![], |row| row.take::<i64>()));
        assert_eq!(count, Ok(Some(0)));
    });
}
