//! People, agents and replicas on both databases.

mod agents;
mod clock;
mod rights;
mod sign_in;

use jiff::{SignedDuration, Timestamp};

use crate::role_mapping::GroupGrants;
use crate::user::{User, Vouched};
use crate::{Actor, Concealed, Principal, Role, RoleGrant, Secret, Store, join_token, user};

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

fn new_join_token(store: &Store, cluster: Option<&str>, uses: u32) -> Secret {
    let wanted =
        join_token::Wanted { cluster: cluster.map(str::to_owned), uses, hours: 1, needs_approval: false, uid: None };
    store.write(|tx| join_token::create(tx, &ADMIN, &wanted, now())).unwrap().1
}
