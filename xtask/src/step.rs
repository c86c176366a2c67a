//! Runs one named step and says how long it took.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// Why a step, and with it the command, failed.
#[derive(Debug)]
pub struct Failure(pub String);

/// The root of the checkout.
pub fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// Writes a line to standard error.
pub fn say(line: &str) {
    // Nothing can be done, and nothing is lost, where even standard error is closed.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Runs cargo with `arguments` in the root of the checkout.
pub fn cargo(name: &str, arguments: &[&str]) -> Result<(), Failure> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(program);
    command.args(arguments);
    run(name, &mut command)
}

/// Runs `command` in the root of the checkout, with its output shown.
pub fn run(name: &str, command: &mut Command) -> Result<(), Failure> {
    let start = Instant::now();
    say(&format!("== {name}"));
    let status = command.current_dir(root()).status().map_err(|error| {
        Failure(format!("{name}: `{}` cannot be started: {error}", command.get_program().display()))
    })?;
    say(&format!("== {name}: {status}, {:.1} s", start.elapsed().as_secs_f64()));
    if status.success() { Ok(()) } else { Err(Failure(format!("{name} failed"))) }
}

/// Runs `command` in the root of the checkout and returns the last line of its standard output.
pub fn last_line(name: &str, command: &mut Command) -> Result<String, Failure> {
    say(&format!("== {name}"));
    let output = command.current_dir(root()).stderr(std::process::Stdio::inherit()).output().map_err(|error| {
        Failure(format!("{name}: `{}` cannot be started: {error}", command.get_program().display()))
    })?;
    let text = String::from_utf8_lossy(&output.stdout);
    match (output.status.success(), text.trim().lines().last()) {
        (true, Some(line)) => Ok(line.to_owned()),
        _ => Err(Failure(format!("{name} failed: {}", output.status))),
    }
}
