//! What lets people in, once, for how long.

use super::{ADMIN, later, local, now, principal};
use crate::contract::on_each;
use crate::identity_provider::Settings;
use crate::principal::Source;
use crate::session::Limits;
use crate::{
    Concealed, Kind, Role, RoleGrant, SealKey, Secret, device_code, first_run, identity_provider, session, token, user,
};
use jiff::SignedDuration;

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
fn a_link_of_the_command_line_restores_an_administrator_once() {
    on_each(|store| {
        let hour = SignedDuration::from_hours(1);
        let ada = local(store, "Ada", &[RoleGrant::everywhere(Role::Viewer)]);
        let (session, _) = store.write(|tx| session::start(tx, &ada, Limits::default(), now())).unwrap();
        store.write(|tx| user::set_disabled(tx, &ADMIN, &ada.id, true, now())).unwrap();
        let link = store.write(|tx| first_run::issue_recovery(tx, hour, now())).unwrap();
        let is_good = |secret: &Secret, at| store.read(|tx| first_run::is_good(tx, secret, at)).unwrap();
        assert!(
            is_good(&link, now()) && !is_good(&link, later(3600)) && !is_good(&Secret::presented("again-x"), now())
        );
        let redeem = |secret: &Secret, name: &str| {
            store.write(|tx| first_run::redeem(tx, secret, name, &Concealed::new("$new".into()), now()))
        };
        let restored = redeem(&link, " aDA ").unwrap();
        assert_eq!((restored.id, restored.disabled), (ada.id.clone(), false));
        assert_eq!(restored.grants, [RoleGrant::everywhere(Role::Admin)]);
        assert_eq!(store.read(|tx| user::local(tx, "ada")).unwrap().unwrap().1.expose(), "$new");
        assert!(store.read(|tx| session::find(tx, &session, now())).unwrap().is_none());
        assert_eq!(redeem(&link, "eve").unwrap_err().kind, Kind::Denied, "it was used");
        assert!(!is_good(&link, now()));
        let other = store.write(|tx| first_run::issue_recovery(tx, hour, now())).unwrap();
        assert_eq!(redeem(&other, "new").unwrap().name, "new");
    });
}

#[test]
fn a_program_may_what_its_owner_may_at_each_moment() {
    on_each(|store| {
        let here = RoleGrant { role: Role::Operator, clusters: vec!["prod".into()], namespaces: Vec::new() };
        let ada = local(store, "ada", &[here, RoleGrant::everywhere(Role::Viewer)]);
        let owner = principal(store, &ada);
        let made = store.write(|tx| token::create_for_program(tx, &owner, "cli", later(60), now())).unwrap();
        let found = store.read(|tx| token::find(tx, &made.1, now())).unwrap().unwrap();
        let (mut held, mut grants) = (owner.grants, found.principal.grants);
        held.sort();
        grants.sort();
        assert_eq!(grants, held);
        let nobody = principal(store, &local(store, "nobody", &[]));
        let refused = store.write(|tx| token::create_for_program(tx, &nobody, "cli", later(60), now()).map(|_| ()));
        assert_eq!(refused.unwrap_err().kind, Kind::Denied);
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
