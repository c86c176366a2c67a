//! Reading a real API server. Runs where `RAMPART_E2E_READONLY` names a kubeconfig (of an account that may only read)
//! for a cluster loaded with the examples, as `cargo xtask e2e` makes it; says so where it does not run.

#![expect(clippy::unwrap_used, reason = "a test that cannot lay its files out has failed")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use rampart_collect::{Collected, Options, RefusalKind, Target, read};
use rampart_model::Object;

type Kinds = BTreeMap<String, u64>;

fn target(kubeconfig: impl Into<PathBuf>) -> Target {
    Target::Context { name: None, kubeconfig: Some(kubeconfig.into()) }
}

fn scan(target: &Target, options: &Options) -> (Kinds, Vec<String>, Collected) {
    let (collected, states) = read(target, options, Vec::new, |found: &mut Vec<_>, document| {
        for object in Object::all(document) {
            assert!(!document.source().text.contains("managedFields"), "{}", document.source().name);
            found.push((object.kind().to_owned(), document.source().name.to_string()));
        }
    })
    .unwrap();
    let mut kinds = Kinds::new();
    let mut names = Vec::new();
    for (kind, name) in states.into_iter().flatten() {
        *kinds.entry(kind).or_default() += 1;
        names.push(name);
    }
    names.sort();
    (kinds, names, collected)
}

#[test]
fn whole_cluster_is_listed() {
    let Some(kubeconfig) = std::env::var_os("RAMPART_E2E_READONLY") else {
        eprintln!("not run: RAMPART_E2E_READONLY names no kubeconfig");
        return;
    };
    let (kinds, names, collected) = scan(&target(kubeconfig), &Options::new());
    eprintln!("{kinds:?} {collected:?}");
    assert!(collected.is_cluster && collected.server_version.is_some());
    assert_eq!((collected.diagnostics, collected.unseen), (vec![], BTreeMap::new()));
    assert!(kinds["Deployment"] > 10 && kinds["Secret"] > 5 && kinds["ClusterRole"] > 50, "{kinds:?}");
    assert!(!kinds.contains_key("Event"));
    assert!(names.contains(&"api/v1/namespaces/kube-system".to_owned()));
    let mut once = names.clone();
    once.dedup();
    assert_eq!(once, names, "no object twice");
}

#[test]
fn namespaces_narrow_what_is_listed() {
    let Some(kubeconfig) = std::env::var_os("RAMPART_E2E_READONLY") else {
        eprintln!("not run: RAMPART_E2E_READONLY names no kubeconfig");
        return;
    };
    let options = Options { namespaces: vec!["kube-system".to_owned()], ..Options::new() };
    let (_, names, _) = scan(&target(kubeconfig), &options);
    let namespaced: Vec<_> =
        names.iter().filter(|name| name.matches("/namespaces/").count() == 1 && name.split('/').count() > 5).collect();
    assert!(!namespaced.is_empty());
    assert!(namespaced.iter().all(|name| name.contains("/namespaces/kube-system/")), "{namespaced:?}");
}

const KUBECONFIG: &str = "apiVersion: v1\nkind: Config\ncurrent-context: here\nclusters: [{name: c, cluster: {server: SERVER}}]\n\
    users: [{name: u, user: {token: t}}]\ncontexts: [{name: here, context: {cluster: c, user: u}}]\n";

#[test]
fn unreachable_cluster_and_unknown_context_are_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    std::fs::write(&path, KUBECONFIG.replace("SERVER", "http://127.0.0.1:9")).unwrap();
    let refuse = |target: &Target| read(target, &Options::new(), || (), |(), _| {}).map(|_| ()).unwrap_err();
    let refusal = refuse(&target(&path));
    assert_eq!(refusal.kind, RefusalKind::Unavailable);
    assert!(refusal.reason.contains("cannot reach the cluster at http://127.0.0.1:9/"), "{refusal}");
    let refusal = refuse(&Target::Context { name: Some("there".to_owned()), kubeconfig: Some(path) });
    assert_eq!(refusal.kind, RefusalKind::Usage);
    assert!(refusal.reason.contains("`there`") && refusal.remedy.contains("`here`"), "{refusal}");
    let refusal = refuse(&target(folder.path().join("none")));
    assert!(refusal.reason.contains("cannot be read"), "{refusal}");
}
