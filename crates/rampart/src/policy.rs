//! `rampart policy`: policies that users own.

mod files;
mod test;

use clap::Subcommand;

use crate::exit::{Exit, Refused};
use crate::terminal::Terminal;

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Run the test cases of a folder: each `kyverno-test.yaml` and Gatekeeper `suite.yaml` in it.
    Test(test::Arguments),
}

pub fn run(command: &PolicyCommand, terminal: &Terminal) -> Result<Exit, Refused> {
    match command {
        PolicyCommand::Test(arguments) => test::run(arguments, terminal),
    }
}
