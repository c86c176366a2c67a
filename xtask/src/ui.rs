//! The web UI: built by npm into `ui/dist`, where the server's build picks it up.

use std::process::Command;

use crate::step::{Failure, root, run};

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.arg("--prefix").arg(root().join("ui")).args(arguments);
    command
}

/// Installs what the lock file names, where the folder does not hold it yet.
pub fn install() -> Result<(), Failure> {
    let modified = |path: &str| std::fs::metadata(root().join(path)).and_then(|metadata| metadata.modified()).ok();
    // npm writes this file last, so that an install that was cut short is done again.
    let installed = modified("ui/node_modules/.package-lock.json");
    if installed.is_some() && installed >= modified("ui/package-lock.json") {
        return Ok(());
    }
    run("install the UI's packages", &mut npm(&["ci", "--no-audit", "--no-fund"]))
}

pub fn build() -> Result<(), Failure> {
    install()?;
    run("build the UI", &mut npm(&["run", "build"]))?;
    // The server's build cannot watch a folder that is not there yet: it watches its own script.
    let script = root().join("crates/server/build.rs");
    let touched = std::fs::File::options().append(true).open(&script);
    let touched = touched.and_then(|file| file.set_modified(std::time::SystemTime::now()));
    touched.map_err(|error| Failure(format!("`{}` cannot be touched: {error}", script.display())))
}

/// Types and unit tests.
pub fn check() -> Result<(), Failure> {
    install()?;
    run("types of the UI", &mut npm(&["run", "typecheck"]))?;
    run("unit tests of the UI", &mut npm(&["test"]))
}
