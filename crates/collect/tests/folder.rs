//! Reading folders and files: what is found, and what each kind of bad input costs.

#![expect(clippy::unwrap_used, reason = "a test that cannot lay its files out has failed")]

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use rampart_collect::{Collected, Options, Target, read};
use rampart_model::Object;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\n";

fn pod(name: &str) -> String {
    POD.replace("NAME", name)
}

fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Names of the objects in sorted order, and the account.
fn scan(target: &Target, threads: usize) -> (Vec<String>, Collected) {
    let options = Options { threads: NonZeroUsize::new(threads).unwrap(), ..Options::new() };
    let (collected, states) = read(target, &options, Vec::new, |names: &mut Vec<String>, document| {
        names.extend(Object::all(document).iter().map(|object| object.name().to_owned()));
    })
    .unwrap();
    let mut names: Vec<String> = states.into_iter().flatten().collect();
    names.sort();
    (names, collected)
}

fn scan_folder(root: &Path) -> (Vec<String>, Vec<String>, Collected) {
    let (names, collected) = scan(&Target::Folder(root.to_owned()), 2);
    let prefix = format!("{}/", root.display());
    let diagnostics = collected.diagnostics.iter().map(|one| one.to_string().replace(&prefix, "")).collect();
    (names, diagnostics, collected)
}

#[test]
fn manifests_of_every_extension_and_hidden_folder_are_read() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a.yaml", pod("a"));
    write(root.path(), "deep/er/b.yml", pod("b"));
    write(root.path(), ".hidden/c.json", r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"c"}}"#);
    let line =
        |name: &str| format!("{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"name\":\"{name}\"}}}}\n");
    write(root.path(), "d.ndjson", line("d1") + &line("d2"));
    write(
        root.path(),
        "list.yaml",
        "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: e}}]",
    );
    write(root.path(), ".git/f.yaml", pod("f"));
    write(root.path(), "g.txt", pod("g"));
    let (names, diagnostics, collected) = scan_folder(root.path());
    assert_eq!(names, ["a", "b", "c", "d1", "d2", "e"]);
    assert_eq!(diagnostics, [""; 0]);
    assert_eq!(collected.sources, 5);
}

#[test]
fn ignored_files_are_left_out() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), ".gitignore", "out/\n");
    write(root.path(), ".rampartignore", "legacy-*.yaml\n");
    write(root.path(), "out/a.yaml", pod("a"));
    write(root.path(), "legacy-b.yaml", pod("b"));
    write(root.path(), "c.yaml", pod("c"));
    assert_eq!(scan_folder(root.path()).0, ["c"]);
}

#[test]
fn what_is_no_object_is_skipped_without_a_word() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "package.json", r#"{"name":"x","version":"1.0.0"}"#);
    write(root.path(), "tsconfig.json", "{ // a comment\n}");
    write(root.path(), "docker-compose.yml", "services: {web: {image: nginx}}\n");
    write(root.path(), ".github/workflows/ci.yml", "on: push\njobs: {}\n");
    write(root.path(), "values.yaml", "replicas: 2\n");
    let (names, diagnostics, collected) = scan_folder(root.path());
    assert_eq!((names.len(), collected.skipped), (0, 5));
    assert_eq!(diagnostics, [""; 0]);
}

#[cfg(unix)]
#[test]
fn each_bad_input_costs_one_diagnostic_and_the_rest_is_read() {
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.yaml", pod("outside"));
    let root = tempfile::tempdir().unwrap();
    let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, root.path().join(name)).unwrap();
    write(root.path(), "good.yaml", pod("good"));
    write(root.path(), "sub/also-good.yaml", pod("also-good"));
    write(root.path(), "broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n");
    write(root.path(), "binary.yaml", b"\x7FELF\x00\x01\x02");
    write(root.path(), "latin.yaml", b"apiVersion: v1\nkind: \xE9\n");
    write(root.path(), "unknown.yaml", "apiVersion: acme.example/v1\nkind: Rocket\nmetadata: {name: unknown}\n");
    link(Path::new("nowhere"), "dangling.yaml");
    link(Path::new("me"), "me");
    link(root.path(), "sub/loop");
    link(outside.path(), "out");
    let made = std::process::Command::new("mkfifo").arg(root.path().join("pipe.yaml")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let (names, diagnostics, collected) = scan_folder(root.path());
    assert_eq!(names, ["also-good", "good", "unknown"]);
    for (place, words) in [
        ("binary.yaml: ", "a binary file"),
        ("broken.yaml:", "not valid YAML"),
        ("dangling.yaml: ", "a symbolic link to nothing"),
        ("latin.yaml: ", "not UTF-8 text (line 2)"),
        ("me: ", "a symbolic link that cannot be followed"),
        ("out: ", "out of the scanned folder"),
        ("pipe.yaml: ", "not a regular file"),
        ("sub/loop: ", "a folder that it lies in"),
    ] {
        let found: Vec<_> = diagnostics.iter().filter(|one| one.starts_with(place)).collect();
        assert_eq!(found.len(), 1, "{place} {diagnostics:#?}");
        assert!(found[0].contains(words), "{found:?}");
    }
    assert_eq!(diagnostics.len(), 8, "{diagnostics:#?}");
    assert!(collected.diagnostics.iter().all(|one| one.lost));
}

#[test]
fn file_given_by_name_is_read_whatever_its_extension() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "manifest.txt", pod("a"));
    write(root.path(), "notes", "a: [\n");
    let (names, _) = scan(&Target::File(root.path().join("manifest.txt")), 1);
    assert_eq!(names, ["a"]);
    let (_, collected) = scan(&Target::File(root.path().join("notes")), 1);
    assert!(collected.diagnostics[0].lost, "{collected:?}");
}

#[test]
fn number_of_threads_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    for number in 0..200 {
        write(root.path(), &format!("d{}/{number}.yaml", number % 7), pod(&format!("p{number}")));
        write(root.path(), &format!("bad/{number}.yaml"), "apiVersion: v1\nkind: [\n");
    }
    let target = Target::Folder(root.path().to_owned());
    let one = scan(&target, 1);
    assert_eq!((one.0.len(), one.1.diagnostics.len()), (200, 200));
    assert_eq!(scan(&target, 5), one);
}
