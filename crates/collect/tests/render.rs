//! Charts and kustomizations: rendered by what the PATH has, missed by name where it has nothing, never read twice.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot lay its files out has failed")]

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rampart_collect::{Collected, Options, Target, read};
use rampart_model::Object;

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn pod(name: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\n")
}

/// Puts a shell script in the place of a program.
fn fake(root: &Path, name: &str, script: &str) {
    write(root, &format!("bin/{name}"), &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(root.join("bin").join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

/// `name source` of every object below `root/tree`, sorted, and the account.
fn scan_with(root: &Path, options: &Options) -> (Vec<String>, Collected) {
    let tree = root.join("tree");
    let (collected, states) = read(&Target::Folder(tree.clone()), options, Vec::new, |found: &mut Vec<_>, document| {
        let source = document.source().name.replace(&format!("{}/", tree.display()), "");
        found.extend(Object::all(document).iter().map(|object| format!("{} {source}", object.name())));
    })
    .unwrap();
    let mut found: Vec<String> = states.into_iter().flatten().collect();
    found.sort();
    (found, collected)
}

fn scan(root: &Path) -> (Vec<String>, Collected) {
    let options = Options { search_path: Some(OsString::from(root.join("bin"))), ..Options::new() };
    scan_with(root, &options)
}

fn chart(root: &Path) {
    write(root, "tree/shop/Chart.yaml", "apiVersion: v2\nname: shop\n");
    write(root, "tree/shop/values.yaml", "image: nginx\n");
    write(root, "tree/shop/templates/web.yaml", "apiVersion: v1\nkind: {{ .Values.kind }}\n  - broken\n");
    write(root, "tree/shop/charts/db/Chart.yaml", "apiVersion: v2\nname: db\n");
    write(root, "tree/shop/charts/db/templates/db.yaml", "{{ if }}\n");
    write(root, "tree/shop/crds/crd.yaml", "apiVersion: v1\nkind: CustomResourceDefinition\nmetadata: {name: crd}\n");
    write(root, "tree/plain.yaml", &pod("plain"));
}

#[test]
fn chart_without_helm_is_missed_by_name_and_its_definitions_are_read() {
    let root = tempfile::tempdir().unwrap();
    chart(root.path());
    let (found, collected) = scan(root.path());
    assert_eq!(found, ["crd shop/crds/crd.yaml", "plain plain.yaml"]);
    assert_eq!(collected.diagnostics, []);
    assert_eq!(collected.missed.len(), 1, "{:?}", collected.missed);
    assert!(collected.missed[0].source.ends_with("tree/shop"));
    assert!(collected.missed[0].reason.contains("`helm` is not on the PATH"), "{:?}", collected.missed);
    assert!(collected.missed[0].remedy.contains("helm template"), "{:?}", collected.missed);
}

#[test]
fn chart_is_rendered_and_findings_name_the_template() {
    let root = tempfile::tempdir().unwrap();
    chart(root.path());
    fake(
        root.path(),
        "helm",
        "[ \"$1 $2 $4\" = 'template release --include-crds' ] && [ -f \"$3/Chart.yaml\" ] || exit 1\n\
         printf -- '---\\n# Source: shop/templates/web.yaml\\napiVersion: v1\\nkind: Pod\\nmetadata: {name: web}\\n'\n\
         printf -- '---\\n# Source: shop/charts/db/templates/db.yaml\\napiVersion: v1\\nkind: Pod\\nmetadata: {name: db}\\n'",
    );
    let (found, collected) = scan(root.path());
    assert_eq!(found, ["db shop/charts/db/templates/db.yaml", "plain plain.yaml", "web shop/templates/web.yaml"]);
    assert_eq!((collected.diagnostics, collected.missed), (vec![], vec![]));
}

#[test]
fn failing_and_hanging_programs_are_missed_with_their_complaint() {
    let root = tempfile::tempdir().unwrap();
    chart(root.path());
    fake(root.path(), "helm", "echo 'Error: found in Chart.yaml, but missing in charts/ directory: db' >&2; exit 1");
    let (found, collected) = scan(root.path());
    assert_eq!(found.len(), 2);
    assert!(collected.missed[0].reason.contains("`helm` failed: found in Chart.yaml"), "{:?}", collected.missed);
    fake(root.path(), "helm", "exec sleep 60");
    let search_path = Some(OsString::from(root.path().join("bin")));
    // The script's `sleep` is found through the PATH of this test.
    let options = Options { search_path, render_time: Duration::from_millis(300), ..Options::new() };
    let start = Instant::now();
    let (_, collected) = scan_with(root.path(), &options);
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(collected.missed[0].reason.contains("did not end"), "{:?}", collected.missed);
}

fn kustomizations(root: &Path) {
    write(root, "tree/base/kustomization.yaml", "resources: [web.yaml]\n");
    write(root, "tree/base/web.yaml", &pod("web"));
    let overlay = "resources: [../../base, extra.yaml]\npatches: [{path: patch.yaml}, {patch: '- op: remove'}]\n";
    write(root, "tree/overlays/prod/kustomization.yml", overlay);
    write(root, "tree/overlays/prod/extra.yaml", &pod("extra"));
    write(root, "tree/overlays/prod/patch.yaml", &pod("patch-of-web"));
    write(root, "tree/overlays/prod/unnamed.yaml", &pod("unnamed"));
}

#[test]
fn kustomization_without_a_program_is_missed_and_its_resources_are_read() {
    let root = tempfile::tempdir().unwrap();
    kustomizations(root.path());
    let (found, collected) = scan(root.path());
    assert_eq!(found, ["extra overlays/prod/extra.yaml", "unnamed overlays/prod/unnamed.yaml", "web base/web.yaml"]);
    assert_eq!(collected.missed.len(), 1, "{:?}", collected.missed);
    assert!(collected.missed[0].reason.contains("neither `kustomize` nor `kubectl`"), "{:?}", collected.missed);
}

#[test]
fn outermost_kustomization_is_rendered_and_its_files_are_not_read_again() {
    let root = tempfile::tempdir().unwrap();
    kustomizations(root.path());
    let script = format!(
        "echo \"$*\" >> {}/calls\nprintf 'apiVersion: v1\\nkind: Pod\\nmetadata: {{name: built}}\\n'",
        root.path().display()
    );
    fake(root.path(), "kubectl", &script);
    let (found, collected) = scan(root.path());
    assert_eq!(found, ["built overlays/prod", "unnamed overlays/prod/unnamed.yaml"]);
    assert_eq!(collected.missed, []);
    let calls = fs::read_to_string(root.path().join("calls")).unwrap();
    assert_eq!(calls, format!("kustomize {}/tree/overlays/prod\n", root.path().display()));
    fake(root.path(), "kustomize", &script);
    scan(root.path());
    let calls = fs::read_to_string(root.path().join("calls")).unwrap();
    assert!(calls.ends_with(&format!("build {}/tree/overlays/prod\n", root.path().display())), "{calls}");
}

#[test]
fn kustomization_that_would_fetch_is_not_rendered() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "tree/kustomization.yaml", "resources: ['https://example.com/all.yaml', web.yaml]\n");
    write(root.path(), "tree/web.yaml", &pod("web"));
    fake(root.path(), "kustomize", "echo called > /dev/null; exit 0");
    let (found, collected) = scan(root.path());
    assert_eq!(found, ["web web.yaml"]);
    assert!(collected.missed[0].reason.contains("`https://example.com/all.yaml`"), "{:?}", collected.missed);
}
