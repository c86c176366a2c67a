//! `rampart node`: one machine in depth.

mod benchmark;
mod definitions;

use clap::Subcommand;

use crate::exit::{Exit, Refused};
use crate::terminal::Terminal;

#[derive(Debug, Subcommand)]
pub enum NodeCommand {
    /// Run a kube-bench benchmark, unmodified and without a shell.
    Benchmark(benchmark::Arguments),
}

pub fn run(command: &NodeCommand, terminal: &Terminal) -> Result<Exit, Refused> {
    match command {
        NodeCommand::Benchmark(arguments) => benchmark::run(arguments, terminal),
    }
}
