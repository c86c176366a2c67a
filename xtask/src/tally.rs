//! Runs tests, shows what they print, and closes with the sum over all test binaries.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::step::{Failure, root, say};

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// Adds a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; ..`.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else {
            return;
        };
        for count in counts.split("; ") {
            let Some((number, word)) = count.split_once(' ') else { continue };
            let number: u64 = number.parse().unwrap_or(0);
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

/// Runs cargo with `arguments`, which must be those of `cargo test`.
///
/// # Errors
/// A test fails, or none can be run.
pub fn tests(name: &str, arguments: &[&str]) -> Result<(), Failure> {
    say(&format!("== {name}"));
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let failed = |error: std::io::Error| Failure(format!("{name}: {error}"));
    let mut child =
        Command::new(program).args(arguments).current_dir(root()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let mut tally = Tally::default();
    let mut stdout = std::io::stdout().lock();
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let line = line.map_err(failed)?;
        tally.add(&line);
        writeln!(stdout, "{line}").map_err(failed)?;
    }
    let status = child.wait().map_err(failed)?;
    let Tally { passed, failed: broken, skipped } = tally;
    writeln!(stdout, "{passed} passed, {broken} failed, {skipped} skipped").map_err(failed)?;
    match (status.success(), passed) {
        (true, 1..) => Ok(()),
        (true, 0) => Err(Failure(format!("{name}: no test was run"))),
        (false, _) => Err(Failure(format!("{name} failed: {status}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn results_of_several_binaries_are_summed() {
        let mut tally = Tally::default();
        tally.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        tally.add("test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        tally.add("running 5 tests");
        assert_eq!(tally, Tally { passed: 5, failed: 1, skipped: 1 });
    }
}
