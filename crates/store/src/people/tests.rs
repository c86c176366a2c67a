//! People and agents on both databases: what lets whom in, once, for how long, and what takes it away again.

use jiff::{SignedDuration, Timestamp};

use crate::contract::on_each;
use crate::identity_provider::Settings;
use crate::principal::Source;
use crate::role_mapping::GroupGrants;
use crate::session::Limits;
use crate::user::{User, Vouched};
use crate::{
    Actor, Concealed, Kind, Principal, Role, RoleGrant, SealKey, Secret, Store, agent, device_code, first_run,
    identity_provider, join_token, lease, report_schedule, role_mapping, session, setting, sweep, token, user, values,
};

const ADMIN: Actor<'static> = Actor { id: "u-admin", name: "admin" };

fn now() -> Timestamp {
    "2026-05-01T10:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now().saturating_add(SignedDuration::from_secs(seconds)).unwrap()
}

fn local(store: &Store, name: &str, grants: &[RoleGrant]) -> User {
    store.write(|tx| user::create_local(tx, &ADMIN, name, &Concealed::new("$argon2".into()), grants, now())).unwrap()
}

fn from_provider(store: &Store, subject: &str, groups: &[&str]) -> User {
    let groups: Vec<String> = groups.iter().map(|&group| group.to_owned()).collect();
    let who = Vouched { issuer: "https://idp", subject, name: subject, email: None, groups: &groups };
    store.write(|tx| user::vouched(tx, &who, now())).unwrap()
}

fn principal(store: &Store, user: &User) -> Principal {
    store.read(|tx| user.clone().principal(tx)).unwrap()
}

fn mapping(entries: &[(&str, Role)]) -> Vec<GroupGrants> {
    let entry = |&(group, role): &(&str, Role)| GroupGrants {
        group: group.to_owned(),
        grants: vec![RoleGrant::everywhere(role)],
    };
    entries.iter().map(entry).collect()
}

#[test]
fn the_first_run_link_makes_one_administrator() {
    on_each(|store| {
        let hour = SignedDuration::from_hours(1);
        let first = store.write(|tx| first_run::issue(tx, hour, now())).unwrap().unwrap();
        let link = store.write(|tx| first_run::issue(tx, hour, now())).unwrap().unwrap();
        let redeem = |secret: &Secret, name: &str, at| {
            store.write(|tx| first_run::redeem(tx, secret, name, &Concealed::new("$argon2".into()), at))
        };
        assert_eq!(redeem(&first, "eve", now()).unwrap_err().kind, Kind::Denied, "a newer link was printed");
        assert_eq!(redeem(&link, "eve", later(3600)).unwrap_err().kind, Kind::Denied, "it is over");
        let outcomes: Vec<_> = std::thread::scope(|threads| {
            let comers = ["ada", "eve"].map(|name| {
                threads.spawn({
                    let link = &link;
                    move || redeem(link, name, now())
                })
            });
            comers.into_iter().map(|comer| comer.join().unwrap()).collect()
        });
        let made: Vec<_> = outcomes.into_iter().flatten().collect();
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].grants, [RoleGrant::everywhere(Role::Admin)]);
        assert!(store.write(|tx| first_run::issue(tx, hour, now())).unwrap().is_none());
        let stored = store.read(|tx| tx.query("SELECT hash FROM first_run", &[], |row| row.take::<String>())).unwrap();
        assert_eq!(stored, [link.hash()], "only the hash is there");
    });
}

#[test]
fn names_of_local_users_are_unique_whatever_their_case() {
    on_each(|store| {
        local(store, "Ada", &[]);
        let again = store
            .write(|tx| user::create_local(tx, &ADMIN, "ADA", &Concealed::new("x".into()), &[], now()))
            .unwrap_err();
        assert_eq!(again.kind, Kind::Conflict);
        let (found, password) = store.read(|tx| user::local(tx, " adA ")).unwrap().unwrap();
        assert_eq!((found.name.as_str(), password.expose()), ("Ada", "$argon2"));
        assert!(store.read(|tx| user::local(tx, "x' OR '1'='1")).unwrap().is_none());
    });
}

#[test]
fn sessions_end_by_age_by_idleness_by_sign_out_and_with_their_user() {
    on_each(|store| {
        let ada = local(store, "ada", &[RoleGrant::everywhere(Role::Viewer)]);
        let limits = Limits { whole: SignedDuration::from_secs(1000), idle: SignedDuration::from_secs(300) };
        let start = || store.write(|tx| session::start(tx, &ada, limits, now())).unwrap().0;
        let find = |secret: &Secret, at| store.read(|tx| session::find(tx, secret, at)).unwrap();
        let secret = start();
        let fresh = find(&secret, now()).unwrap();
        assert_eq!((fresh.principal.name.as_str(), fresh.principal.source, fresh.stale), ("ada", Source::Local, false));
        assert!(find(&secret, later(60)).unwrap().stale);
        assert!(find(&secret, later(300)).is_none(), "idle");
        for step in 1..=9 {
            store.write(|tx| session::touch(tx, &secret, later(step * 100))).unwrap();
        }
        assert!(find(&secret, later(999)).is_some());
        assert!(find(&secret, later(1000)).is_none(), "too old, however busy");
        assert!(find(&Secret::presented("guess"), now()).is_none());
        let (other, third) = (start(), start());
        assert_eq!(session::csrf(&other).expose(), session::csrf(&other).expose());
        assert!(store.write(|tx| session::end(tx, &other)).unwrap());
        assert!(find(&other, now()).is_none() && !store.write(|tx| session::end(tx, &other)).unwrap());
        store.write(|tx| user::set_disabled(tx, &ADMIN, &ada.id, true, now())).unwrap();
        assert!(find(&third, now()).is_none());
        let texts = store.read(|tx| tx.query("SELECT hash FROM session", &[], |row| row.take::<String>())).unwrap();
        assert!(texts.iter().all(|text| text != third.expose()));
    });
}

#[test]
fn a_token_is_worth_no_more_than_its_owner() {
    on_each(|store| {
        store.write(|tx| role_mapping::change(tx, &ADMIN, 0, &mapping(&[("ops", Role::Operator)]), now())).unwrap();
        let ada = from_provider(store, "ada", &["ops"]);
        let owner = principal(store, &ada);
        let wanted = |role| token::Wanted {
            name: "ci".into(),
            role,
            clusters: vec!["prod-*".into()],
            namespaces: Vec::new(),
            expires: later(86400),
        };
        let too_much = store.write(|tx| token::create(tx, &owner, &wanted(Role::Admin), now()).map(drop)).unwrap_err();
        assert_eq!(too_much.kind, Kind::Denied);
        let (made, secret) = store.write(|tx| token::create(tx, &owner, &wanted(Role::Operator), now())).unwrap();
        assert!(secret.expose().starts_with("rmp_") && made.owner == "ada");
        let find = |at| store.read(|tx| token::find(tx, &secret, at)).unwrap();
        let presented = find(now()).unwrap();
        assert_eq!((presented.principal.source, presented.principal.id.as_str()), (Source::Token, ada.id.as_str()));
        assert_eq!(presented.principal.name, "ada (token ci)");
        assert!(presented.principal.scope(Role::Operator).sees("prod-eu", "shop"));
        assert!(!presented.principal.scope(Role::Viewer).sees("test", "shop"));
        assert!(presented.stale);
        store.write(|tx| token::touch(tx, &made.id, now())).unwrap();
        assert!(!find(later(59)).unwrap().stale && find(later(60)).unwrap().stale);
        assert!(find(later(86400)).is_none(), "it is over");
        // The owner loses the role, and the token with it.
        store.write(|tx| role_mapping::change(tx, &ADMIN, 1, &mapping(&[("ops", Role::Viewer)]), now())).unwrap();
        assert_eq!(find(now()).unwrap().principal.role(), Some(Role::Viewer));
        from_provider(store, "ada", &[]);
        assert!(find(now()).is_none());
        from_provider(store, "ada", &["ops"]);
        assert!(find(now()).is_some());
        let by_token = store.write(|tx| {
            token::create(tx, &find(now()).unwrap().principal, &wanted(Role::Viewer), now()).map(drop)
        });
        assert_eq!(by_token.unwrap_err().kind, Kind::Denied, "a token makes no tokens");
        let not_hers = store.write(|tx| token::revoke(tx, &ADMIN, &made.id, Some("u-other"), now())).unwrap_err();
        assert_eq!(not_hers.kind, Kind::Missing);
        store.write(|tx| token::revoke(tx, &ADMIN, &made.id, Some(&ada.id), now())).unwrap();
        assert!(find(now()).is_none() && store.read(|tx| token::list(tx, None)).unwrap().is_empty());
    });
}

#[test]
fn roles_are_changed_by_one_at_a_time_and_the_effect_is_shown_before() {
    on_each(|store| {
        from_provider(store, "ada", &["ops", "dev"]);
        from_provider(store, "bob", &["dev"]);
        let first = mapping(&[("ops", Role::Operator), ("dev", Role::Viewer)]);
        let effects = store.read(|tx| role_mapping::preview(tx, &first)).unwrap();
        assert_eq!(effects.iter().map(|effect| effect.name.as_str()).collect::<Vec<_>>(), ["ada", "bob"]);
        assert_eq!(store.write(|tx| role_mapping::change(tx, &ADMIN, 0, &first, now())).unwrap().version, 1);
        let stale = store.write(|tx| role_mapping::change(tx, &ADMIN, 0, &first, now())).unwrap_err();
        assert_eq!(stale.kind, Kind::Conflict);
        let outcomes: Vec<_> = std::thread::scope(|threads| {
            let changes = [Role::Auditor, Role::Admin].map(|role| {
                threads.spawn(move || {
                    store.write(|tx| role_mapping::change(tx, &ADMIN, 1, &mapping(&[("ops", role)]), now()))
                })
            });
            changes.into_iter().map(|change| change.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let versions = store.read(|tx| role_mapping::versions(tx, 9)).unwrap();
        assert_eq!(versions.iter().map(|mapping| mapping.version).collect::<Vec<_>>(), [2, 1]);
        let twice = mapping(&[("ops", Role::Viewer), ("ops", Role::Admin)]);
        assert_eq!(
            store.write(|tx| role_mapping::change(tx, &ADMIN, 2, &twice, now())).unwrap_err().kind,
            Kind::Invalid
        );
    });
}

#[test]
fn the_client_secret_is_sealed_and_local_users_go_once_the_provider_works() {
    on_each(|store| {
        let key = SealKey::from_text(&"0a".repeat(32)).unwrap();
        let admin = local(store, "admin", &[RoleGrant::everywhere(Role::Admin)]);
        let settings = Settings {
            name: "Corp".into(),
            issuer: "https://idp".into(),
            client_id: "rampart".into(),
            scopes: vec!["openid".into()],
            groups_claim: "groups".into(),
            enabled: true,
        };
        let change = |settings: &Settings, secret: Option<&str>| {
            store.write(|tx| identity_provider::change(tx, &ADMIN, settings, secret, &key, now())).unwrap()
        };
        change(&settings, Some("s3cret"));
        let stored = store.read(|tx| tx.first("SELECT sealed FROM identity_provider", &[], |row| row.take::<String>()));
        assert!(!stored.unwrap().unwrap().contains("s3cret"));
        let renamed = change(&Settings { name: "Company".into(), ..settings.clone() }, None);
        assert_eq!(renamed.secret(&key).ok().unwrap().unwrap().expose(), "s3cret");
        assert!(!change(&Settings { issuer: "https://evil".into(), ..settings.clone() }, None).has_secret);
        change(&settings, Some("s3cret"));

        let (secret, _) = store.write(|tx| session::start(tx, &admin, Limits::default(), now())).unwrap();
        assert!(store.write(|tx| identity_provider::disable_local(tx, &ADMIN, now())).unwrap());
        assert!(!store.write(|tx| identity_provider::disable_local(tx, &ADMIN, now())).unwrap());
        assert!(store.read(|tx| user::local(tx, "admin")).unwrap().is_none());
        assert!(store.read(|tx| session::find(tx, &secret, now())).unwrap().is_none());
        change(&Settings { enabled: false, ..settings }, None);
        assert!(store.read(|tx| user::local(tx, "admin")).unwrap().is_some());
        let trail = store.read(|tx| crate::audit::list(tx, &crate::audit::Filter::default(), None, 99)).unwrap();
        assert!(!serde_json::to_string(&trail).unwrap().contains("s3cret"));
    });
}

#[test]
fn a_device_is_let_in_once_by_whoever_types_its_code() {
    on_each(|store| {
        let device = store.write(|tx| device_code::start(tx, now())).unwrap();
        let ask = |at| store.write(|tx| device_code::ask(tx, &device.device_code, at)).unwrap();
        assert_eq!(ask(now()), device_code::Answer::Pending);
        assert_eq!(ask(later(1)), device_code::Answer::SlowDown);
        assert_eq!(ask(later(6)), device_code::Answer::Pending);
        let answer = |code: &str, at| store.write(|tx| device_code::answer(tx, &ADMIN, code, true, at));
        assert_eq!(answer("BBBB-BBBB", now()).unwrap_err().kind, Kind::Missing);
        let typed = device.user_code.to_lowercase().replace('-', " ");
        assert_eq!(answer(&typed, later(600)).unwrap_err().kind, Kind::Missing, "it is over");
        answer(&typed, later(10)).unwrap();
        assert!(answer(&typed, later(10)).is_err());
        let answers: Vec<_> = std::thread::scope(|threads| {
            let asking = [(), ()].map(|()| threads.spawn(|| ask(later(12))));
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let granted =
            answers.iter().filter(|answer| **answer == device_code::Answer::Granted("u-admin".into())).count();
        assert_eq!(granted, 1, "{answers:?}");
        assert_eq!(ask(later(20)), device_code::Answer::Expired);
    });
}

fn join_token(store: &Store, cluster: Option<&str>, uses: u32) -> Secret {
    let wanted =
        join_token::Wanted { cluster: cluster.map(str::to_owned), uses, hours: 1, needs_approval: false, uid: None };
    store.write(|tx| join_token::create(tx, &ADMIN, &wanted, now())).unwrap().1
}

#[test]
fn the_last_use_of_a_join_token_is_taken_once() {
    on_each(|store| {
        for _ in 0..5 {
            let secret = join_token(store, Some("prod"), 1);
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
        let secret = join_token(store, Some("prod"), 3);
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
        let fleet = join_token(store, None, 2);
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
        join_token(store, None, 1);
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
