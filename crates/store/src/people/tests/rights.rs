//! What people may do, and their tokens no more.

use super::{ADMIN, from_provider, later, mapping, now, principal};
use crate::contract::on_each;
use crate::principal::Source;
use crate::{Kind, Role, role_mapping, token};

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
        let by_token = store
            .write(|tx| token::create(tx, &find(now()).unwrap().principal, &wanted(Role::Viewer), now()).map(drop));
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
