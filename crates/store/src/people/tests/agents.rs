//! What lets an agent in, and what takes it away again.

use super::{ADMIN, later, new_join_token, now};
use crate::contract::on_each;
use crate::{Kind, Secret, agent, join_token};

#[test]
fn the_last_use_of_a_join_token_is_taken_once() {
    on_each(|store| {
        for _ in 0..5 {
            let secret = new_join_token(store, Some("prod"), 1);
            let taken: Vec<_> = std::thread::scope(|threads| {
                let comers = [(); 3].map(|()| {
                    threads.spawn(|| store.write(|tx| join_token::take(tx, &secret, "prod", "uid-1", now())))
                });
                comers.into_iter().map(|comer| comer.join().unwrap()).collect()
            });
            assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 1, "{taken:?}");
            assert!(taken.iter().flatten().all(|token| token.uses_left == 0));
        }
    });
}

#[test]
fn a_join_token_is_for_one_cluster_and_the_first_use_binds_it() {
    on_each(|store| {
        let secret = new_join_token(store, Some("prod"), 3);
        let take = |secret: &Secret, cluster: &str, uid: &str, at| {
            store.write(|tx| join_token::take(tx, secret, cluster, uid, at))
        };
        assert_eq!(take(&secret, "test", "uid-1", now()).unwrap_err().kind, Kind::Denied);
        assert_eq!(take(&secret, "prod", "uid-1", now()).unwrap().uses_left, 2);
        assert_eq!(take(&secret, "prod", "uid-2", now()).unwrap_err().kind, Kind::Denied);
        assert_eq!(take(&secret, "prod", "uid-1", later(3600)).unwrap_err().kind, Kind::Denied);
        assert_eq!(take(&Secret::presented("rmj_x"), "prod", "uid-1", now()).unwrap_err().kind, Kind::Denied);
        // What fails afterwards gives the use back.
        let failed = store.write(|tx| {
            join_token::take(tx, &secret, "prod", "uid-1", now())?;
            Err::<(), _>(crate::Failure::other("no certificate"))
        });
        assert!(failed.is_err());
        assert_eq!(take(&secret, "prod", "uid-1", now()).unwrap().uses_left, 1);
        let fleet = new_join_token(store, None, 2);
        assert!(take(&fleet, "a", "uid-a", now()).is_ok() && take(&fleet, "b", "uid-b", now()).is_ok());
        assert_eq!(store.read(|tx| join_token::list(tx, now())).unwrap().len(), 1);
        let id = store.read(|tx| join_token::list(tx, now())).unwrap()[0].id.clone();
        store.write(|tx| join_token::revoke(tx, &ADMIN, &id, now())).unwrap();
        assert!(take(&secret, "prod", "uid-1", now()).is_err());
    });
}

#[test]
fn agents_join_wait_renew_and_are_revoked() {
    on_each(|store| {
        let (prod, test) = (crate::contract::cluster(store, "prod"), crate::contract::cluster(store, "test"));
        let joining = |cluster_id, public_key, needs_approval| agent::Joining {
            cluster_id,
            cluster_uid: "uid-1",
            public_key,
            version: "0.1.0",
            protocol: 1,
            needs_approval,
            token: "j-1",
        };
        let join = |joining: &agent::Joining<'_>| store.write(|tx| agent::join(tx, joining, now()));
        let waiting = join(&joining(prod, "key-1", true)).unwrap();
        assert_eq!((waiting.state, waiting.cluster.as_str()), (agent::State::Waiting, "prod"));
        assert_eq!(join(&joining(prod, "key-1", false)).unwrap(), waiting, "asking again changes nothing");
        assert_eq!(join(&joining(test, "key-1", false)).unwrap_err().kind, Kind::Denied);
        let id = waiting.id.as_str();
        let certify = |key: &str| store.write(|tx| agent::certify(tx, id, key, "01", later(3600)));
        assert_eq!(certify("key-1").unwrap_err().kind, Kind::Denied);
        let (all, other) = (
            crate::Scope::all(),
            crate::Scope::of(vec![crate::Grant { clusters: vec!["test".into()], namespaces: Vec::new() }]),
        );
        let approve = |scope| store.write(|tx| agent::approve(tx, scope, &ADMIN, id, now()));
        assert_eq!(approve(&other).unwrap_err().kind, Kind::Missing);
        assert_eq!(approve(&all).unwrap().state, agent::State::Joined);
        assert_eq!(approve(&all).unwrap_err().kind, Kind::Conflict);
        certify("key-1").unwrap();
        certify("key-2").unwrap();
        let known = store.read(|tx| agent::by_id(tx, id)).unwrap().unwrap();
        assert_eq!((known.public_key.as_str(), known.previous_key.as_deref()), ("key-2", Some("key-1")));
        let seen = |version: &str, at| store.write(|tx| agent::seen(tx, id, version, 1, at)).unwrap();
        assert!(
            seen("0.1.0", now()) && !seen("0.1.0", later(5)) && seen("0.2.0", later(6)) && seen("0.2.0", later(60))
        );
        assert!(store.read(|tx| agent::list(tx, &other)).unwrap().is_empty());
        let shown = serde_json::to_string(&store.read(|tx| agent::list(tx, &all)).unwrap()).unwrap();
        assert!(
            shown.contains("\"certificateExpires\":\"2026-05-01T11:00:00Z\"") && !shown.contains("key-2"),
            "{shown}"
        );
        let revoke = || store.write(|tx| agent::revoke(tx, &all, &ADMIN, id, now()));
        assert_eq!(revoke().unwrap().state, agent::State::Revoked);
        assert_eq!(revoke().unwrap_err().kind, Kind::Conflict);
        assert_eq!(certify("key-3").unwrap_err().kind, Kind::Denied);
        assert_eq!(join(&joining(prod, "key-2", false)).unwrap_err().kind, Kind::Denied);
        store.write(|tx| agent::forget_cluster(tx, prod)).unwrap();
        assert!(store.read(|tx| agent::by_id(tx, id)).unwrap().is_none());
    });
}
