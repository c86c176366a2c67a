//! The commands of the house: `cargo xtask test`, `ci`, `e2e`, `gen`, `tidy`, `deny`, `bench`.

mod bench;
mod deny;
mod e2e;
mod r#gen;
mod step;
mod tally;
mod ui;
mod up;

use std::process::ExitCode;

use step::{Failure, cargo};

const USAGE: &str = "usage: cargo xtask COMMAND
  up [WORD..]   builds the UI and the program, and starts the plane on examples/ (words go to `rampart serve`)
  ui            builds the UI into ui/dist
  test          all tests of the workspace (installs the identity provider that one of them starts)
  ci            fmt, clippy, deny, generated files, tests, fuzz targets, e2e: what the continuous integration runs
  e2e           a real Kubernetes API server, loaded with examples/, scanned with a read-only account; the plane in a browser
  gen [--check] writes (or compares) the pages that are made from code: docs/rules
  deny          licences, sources and duplicates of dependencies (installs cargo-deny where it is missing)
  bench scan    CPU seconds, wall time and peak memory of scans of generated inputs, next to their budgets
  bench plane [AGENTS [FINDINGS]]
                a plane under many agents: first sync, churn, everybody reconnecting, the UI's questions; on both databases";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["up", rest @ ..] => up::run(rest),
        ["ui"] => ui::build(),
        ["test", rest @ ..] => test(rest),
        ["ci"] => ci(),
        ["e2e"] => e2e::run(),
        ["gen"] => r#gen::write(),
        ["gen", "--check"] => r#gen::check(),
        ["deny"] => deny::run(),
        ["bench", "scan"] => bench::scan(),
        ["bench", "plane", rest @ ..] => bench::plane(rest),
        _ => {
            step::say(USAGE);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message)) => {
            step::say(&format!("xtask: {message}"));
            ExitCode::FAILURE
        }
    }
}

fn test(rest: &[&str]) -> Result<(), Failure> {
    ui::provider()?;
    let arguments = [&["test", "--workspace", "--locked"], rest].concat();
    tally::tests("all tests", &arguments)
}

fn ci() -> Result<(), Failure> {
    cargo("format", &["fmt", "--all", "--check"])?;
    // First, so that the server is built once, with the UI in it.
    ui::build()?;
    ui::check()?;
    cargo("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    deny::run()?;
    r#gen::check()?;
    cargo("fuzz targets", &["check", "--manifest-path", "fuzz/Cargo.toml", "--locked", "--target-dir", "target/fuzz"])?;
    e2e::run()?;
    // Last, so that the closing lines of the log are the tests' own.
    test(&[])
}
