//! The web UI: built by npm into `ui/dist`, where the server's build picks it up; and its tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::step::{Failure, cargo, root, run};

/// The UI, and the identity provider of the tests.
const UI: &str = "ui";
const PROVIDER: &str = "e2e/oidc";

fn npm(folder: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.arg("--prefix").arg(root().join(folder)).args(arguments);
    command
}

fn modified(path: impl AsRef<Path>) -> Option<SystemTime> {
    std::fs::metadata(root().join(path)).and_then(|metadata| metadata.modified()).ok()
}

/// Installs what the lock file names, where the folder does not hold it yet.
fn install(folder: &str) -> Result<(), Failure> {
    // npm writes this file last, so that an install that was cut short is done again.
    let installed = modified(format!("{folder}/node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(format!("{folder}/package-lock.json")) {
        return Ok(());
    }
    run(&format!("install the packages of {folder}"), &mut npm(folder, &["ci", "--no-audit", "--no-fund"]))
}

/// Builds the UI where it is older than what it is made of.
pub fn build() -> Result<(), Failure> {
    install(UI)?;
    let parts = ["src", "public", "index.html", "vite.config.ts", "package-lock.json", "tsconfig.json"];
    let newest = parts.into_iter().filter_map(|part| newest(&root().join(UI).join(part))).max();
    let built = modified("ui/dist/index.html");
    if built.is_some() && built >= newest {
        return Ok(());
    }
    run("build the UI", &mut npm(UI, &["run", "build"]))?;
    // The server's build cannot watch a folder that is not there yet: it watches its own script.
    let script = root().join("crates/server/build.rs");
    let touched = std::fs::File::options().append(true).open(&script);
    let touched = touched.and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(|error| Failure(format!("`{}` cannot be touched: {error}", script.display())))
}

/// When the last change was made to a file, or to one in a folder.
fn newest(path: &PathBuf) -> Option<SystemTime> {
    let inside = std::fs::read_dir(path).into_iter().flatten().flatten();
    inside.filter_map(|entry| newest(&entry.path())).max().max(modified(path))
}

/// Types and unit tests.
pub fn check() -> Result<(), Failure> {
    install(UI)?;
    run("types of the UI", &mut npm(UI, &["run", "typecheck"]))?;
    run("unit tests of the UI", &mut npm(UI, &["test"]))
}

/// The identity provider that tests of the sign-in start.
pub fn provider() -> Result<(), Failure> {
    install(PROVIDER)
}

/// The real program in a real browser.
pub fn browser_tests(variables: &[(&str, &str)]) -> Result<(), Failure> {
    provider()?;
    // The whole workspace, so that dependencies have the features that `test` builds them with.
    cargo("the program", &["build", "--locked", "--workspace"])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let mut tests = npm(UI, &["run", "e2e"]);
    tests.env("RAMPART_BIN", target.join("debug/rampart")).envs(variables.iter().copied());
    run("the plane in a browser", &mut tests)
}
