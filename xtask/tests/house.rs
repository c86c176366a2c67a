//! The rules of the house that a compiler does not know: each is a test.

#![expect(clippy::expect_used, reason = "a file that cannot be read must stop the test with its reason")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root").to_owned()
}

/// Every file that git tracks or would track, relative to the root.
fn files(ending: &str) -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    let text = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let files: Vec<_> = text.lines().filter(|path| path.ends_with(ending)).map(PathBuf::from).collect();
    files.into_iter().filter(|path| root().join(path).is_file()).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).expect("a tracked file is readable")
}

/// The part of a source file before its tests.
fn production(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Lines of production code that hold one of `words`, comments aside.
fn offences(folders: &[&str], words: &[&str]) -> Vec<String> {
    let is_test = |path: &PathBuf| path.iter().any(|part| part == "tests" || part == "tests.rs");
    let inside = |path: &PathBuf| {
        folders.iter().any(|folder| path.starts_with(folder)) && path.iter().any(|part| part == "src") && !is_test(path)
    };
    let mut found = Vec::new();
    for path in files(".rs").into_iter().filter(inside) {
        let text = read(&path);
        for (line, number) in production(&text).lines().zip(1..) {
            let code = line.split("//").next().unwrap_or(line);
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                found.push(format!("{}:{number}: `{word}`", path.display()));
            }
        }
    }
    found
}

const PURE: [&str; 7] = [
    "crates/model",
    "crates/cel",
    "crates/policy",
    "crates/image",
    "crates/controls",
    "crates/report",
    "crates/protocol",
];

#[test]
fn the_pure_ring_does_no_input_or_output() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "tracing::",
    ];
    assert_eq!(offences(&PURE, &words), Vec::<String>::new());
}

#[test]
fn the_pure_ring_depends_on_nothing_that_does() {
    for folder in PURE {
        let package = folder.replace("crates/", "rampart-");
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo)
            .args(["tree", "--offline", "--package", &package, "--edges", "normal", "--prefix", "none"])
            .current_dir(root())
            .output()
            .expect("cargo draws the tree");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8_lossy(&output.stdout);
        for banned in
            ["tokio", "hyper", "kube", "kube-client", "reqwest", "mio", "rampart-collect", "rampart-enforce", "ignore"]
        {
            assert!(!tree.lines().any(|line| line.split(' ').next() == Some(banned)), "{package} reaches {banned}");
        }
    }
}

#[test]
fn only_enforce_may_write_to_a_cluster() {
    let words = [
        "PostParams",
        "PatchParams",
        "DeleteParams",
        "Method::POST",
        "Method::PUT",
        "Method::PATCH",
        "Method::DELETE",
        "Request::post(",
        "Request::put(",
        "Request::patch(",
        "Request::delete(",
    ];
    // Whoever has no client of a cluster cannot write to one: agents and planes post to each other only.
    let has_client = |manifest: &PathBuf| read(manifest).lines().any(|line| line.starts_with("kube"));
    let folders: Vec<String> = files("Cargo.toml")
        .iter()
        .filter(|manifest| manifest.starts_with("crates") && has_client(manifest))
        .filter_map(|manifest| Some(manifest.parent()?.display().to_string()))
        .filter(|folder| folder != "crates/enforce")
        .collect();
    assert_eq!(folders, ["crates/collect"], "the reader is the only one beside `enforce` that may hold a client");
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    assert_eq!(offences(&folders, &words), Vec::<String>::new());
}

#[test]
fn every_file_says_what_it_is_about() {
    let silent: Vec<_> = files(".rs").into_iter().filter(|path| !read(path).starts_with("//!")).collect();
    assert_eq!(silent, Vec::<PathBuf>::new());
}

#[test]
fn no_file_is_a_drawer_of_odds_and_ends() {
    let drawers = ["util", "utils", "common", "helper", "helpers", "manager", "misc", "mod"];
    let found: Vec<_> = files(".rs")
        .into_iter()
        .filter(|path| path.file_stem().is_some_and(|stem| drawers.iter().any(|drawer| stem == *drawer)))
        .collect();
    assert_eq!(found, Vec::<PathBuf>::new());
}

#[test]
fn no_source_file_is_left_out_of_the_build() {
    let mut orphans = Vec::new();
    for path in files(".rs").into_iter().filter(|path| path.iter().any(|part| part == "src")) {
        let stem = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let folder = path.parent().expect("a file lies in a folder");
        if ["lib", "main"].contains(&stem.as_str()) || folder.ends_with("bin") {
            continue;
        }
        let parents = [folder.with_extension("rs"), folder.join("lib.rs"), folder.join("main.rs")];
        let named = |parent: &PathBuf| {
            let text = std::fs::read_to_string(root().join(parent)).unwrap_or_default();
            text.contains(&format!("mod {stem};")) || text.contains(&format!("mod r#{stem};"))
        };
        if !parents.iter().any(named) {
            orphans.push(path);
        }
    }
    assert_eq!(orphans, Vec::<PathBuf>::new());
}

#[test]
fn nothing_is_left_open_in_the_code() {
    // Written apart, so that this file does not find itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("#[ig", "nore"), concat!("should_", "panic")];
    let mut found = Vec::new();
    for path in files(".rs") {
        let text = read(&path);
        for (line, number) in text.lines().zip(1..) {
            if words.iter().any(|word| line.contains(word)) || line.ends_with(' ') {
                found.push(format!("{}:{number}", path.display()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_path_that_the_documents_name_exists() {
    let mut missing = Vec::new();
    for document in ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md", "STYLE.md"] {
        let text = read(Path::new(document));
        for (position, name) in text.split('`').enumerate().filter(|(position, _)| position % 2 == 1) {
            let top = ["crates/", "docs/", "xtask/", "examples/", "e2e/", "fuzz/", ".ci/"];
            let is_path = top.iter().any(|top| name.starts_with(top)) && !name.contains(['<', '*', ' ', '{', '$']);
            if is_path && !root().join(name).exists() {
                missing.push(format!("{document}: `{name}` ({position})"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
