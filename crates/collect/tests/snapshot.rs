//! Snapshots: the same state gives the same bytes, a replay gives what the reading gave, and no secret is in them.

#![expect(clippy::unwrap_used, reason = "a test that cannot lay its files out has failed")]

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use rampart_collect::{Collected, Options, Target, read};
use rampart_model::Object;

/// Every object with its place, in order, and the account.
fn scan(target: &Target, options: &Options) -> (Vec<String>, Collected) {
    let (collected, states) = read(target, options, Vec::new, |found: &mut Vec<_>, document| {
        for object in Object::all(document) {
            let evidence = rampart_model::Evidence::at(object.value().dig(&["metadata", "name"]).unwrap());
            let (kind, namespace, name) = (object.kind(), object.namespace(), object.name());
            found.push(format!("{kind} {namespace}/{name} {} {evidence:?}", document.source().name));
        }
    })
    .unwrap();
    let mut found: Vec<String> = states.into_iter().flatten().collect();
    found.sort();
    (found, collected)
}

fn options(threads: usize, snapshot: &Path) -> Options {
    let threads = NonZeroUsize::new(threads).unwrap();
    Options { threads, snapshot: Some(snapshot.to_owned()), ..Options::new() }
}

fn lines(snapshot: &Path) -> String {
    String::from_utf8(zstd::decode_all(fs::File::open(snapshot).unwrap()).unwrap()).unwrap()
}

#[test]
fn folder_replays_to_the_same_places_without_its_secrets() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(root.path().join(path), text).unwrap();
    for number in 0..100 {
        write(
            &format!("p{number}.yaml"),
            &format!(
                "# p\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p{number}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s{number}}}\nstringData:\n  a: |\n    hunter2\n    hunter2\n  b: hunter2\n"
            ),
        );
    }
    write("list.json", r#"{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"x"}}]}"#);
    write("broken.yaml", "apiVersion: v1\nkind: [\n");
    write("twice.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, name: b}\n");
    let target = Target::Folder(root.path().to_owned());
    let saved = tempfile::tempdir().unwrap();
    let [one, two, three] = ["one", "two", "three"].map(|name| saved.path().join(name));
    let first = scan(&target, &options(3, &one));
    assert_eq!((first.0.len(), first.1.diagnostics.len()), (202, 2));
    assert_eq!(scan(&target, &options(1, &two)), first);
    assert_eq!(fs::read(&one).unwrap(), fs::read(&two).unwrap());
    assert!(!lines(&one).contains("hunter2"));
    assert_eq!(scan(&Target::Snapshot(one.clone()), &options(2, &three)), first);
    assert_eq!(fs::read(&one).unwrap(), fs::read(&three).unwrap(), "a snapshot of a snapshot is the same");
    let left: Vec<PathBuf> = fs::read_dir(saved.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn cluster_replays_to_the_same_objects() {
    let Some(kubeconfig) = std::env::var_os("RAMPART_E2E_READONLY") else {
        eprintln!("not run: RAMPART_E2E_READONLY names no kubeconfig");
        return;
    };
    let target = Target::Context { name: None, kubeconfig: Some(PathBuf::from(kubeconfig)) };
    let saved = tempfile::tempdir().unwrap();
    let path = saved.path().join("cluster");
    let live = scan(&target, &options(2, &path));
    assert_eq!(scan(&Target::Snapshot(path.clone()), &Options::new()), live);
    let text = lines(&path);
    assert!(text.contains("\n{\"source\":\"api/v1/namespaces/kube-system\",\"object\":{"));
    eprintln!("{} bytes of {}", fs::metadata(&path).unwrap().len(), text.len());
}

#[test]
fn what_is_no_snapshot_is_refused_and_a_damaged_one_read_as_far_as_possible() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.rampart-snapshot");
    let target = Target::Snapshot(path.clone());
    let refuse = || read(&target, &Options::new(), || (), |(), _| {}).map(|_| ()).unwrap_err().to_string();
    let write = |text: &str| fs::write(&path, zstd::encode_all(text.as_bytes(), 1).unwrap()).unwrap();
    fs::write(&path, "no zstd at all").unwrap();
    assert!(refuse().contains("no snapshot that can be read"), "{}", refuse());
    write("{\"schema\":\"rampart.snapshot/v9\"}\n");
    assert!(refuse().contains("`rampart.snapshot/v9`"), "{}", refuse());
    write("");
    assert!(refuse().contains("it is empty"), "{}", refuse());
    let good = r#"{"source":"api/v1/pods/x","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"}}}"#;
    let deep = format!("{{\"source\":\"x\",\"object\":{}1{}}}", "[".repeat(1000), "]".repeat(1000));
    write(&format!("{{\"schema\":\"rampart.snapshot/v1\"}}\n{good}\n{deep}\n{{}}\n{good}\n{{\"source"));
    let (found, collected) = scan(&target, &Options::new());
    assert_eq!(found.len(), 2);
    let lines: Vec<u32> = collected.diagnostics.iter().map(|one| one.line).collect();
    assert_eq!(lines, [3, 4, 6], "{collected:?}");
}

#[test]
fn snapshot_that_cannot_be_written_is_refused_before_reading() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(1, &folder.path().join("no/such/folder/x"));
    let refusal = read(&Target::Folder(folder.path().to_owned()), &options, || (), |(), _| {}).map(|_| ()).unwrap_err();
    assert!(refusal.reason.contains("cannot write the snapshot"), "{refusal}");
}
