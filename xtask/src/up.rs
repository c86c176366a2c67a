//! Builds the UI and the program, and starts the plane on the example clusters.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::step::{Failure, cargo, root, say};
use crate::ui;

/// Where the plane keeps its data between runs.
const DATA: &str = "target/plane";
const LISTEN: &str = "127.0.0.1:8443";

/// Becomes the plane; returns only where that fails.
///
/// # Errors
/// A build fails, or the program cannot be started. `rest` goes to `rampart serve` as it is.
pub fn run(rest: &[&str]) -> Result<(), Failure> {
    ui::build()?;
    cargo("build the program", &["build", "--locked", "--package", "rampart"])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let mut plane = Command::new(target.join("debug/rampart"));
    plane.current_dir(root()).args(["serve", "--data", DATA]);
    if !rest.contains(&"--listen") {
        plane.args(["--listen", LISTEN]);
    }
    for cluster in clusters()? {
        plane.arg("--cluster").arg(format!("{cluster}=examples/{cluster}"));
    }
    say("the plane runs until Ctrl-C; a browser will ask about its certificate, which its own authority signed");
    let error = plane.args(rest).exec();
    Err(Failure(format!("`{}` cannot be started: {error}", plane.get_program().display())))
}

/// The folders of `examples/`, by name.
fn clusters() -> Result<Vec<String>, Failure> {
    let folder = root().join("examples");
    let failed = |error: std::io::Error| Failure(format!("`{}` cannot be read: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        names.extend(path.file_name().and_then(|name| name.to_str()).filter(|_| path.is_dir()).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
