//! The binary: words of the command line to settings, to a run, to an exit code. Everything else lives in the crates.

mod account;
mod admin_link;
mod agent;
mod backup;
mod cli;
mod diff;
mod exit;
mod explain;
mod fix;
mod frameworks;
mod gate;
mod log;
mod node;
mod output;
mod pod_security;
mod policy;
mod restore;
mod scan;
mod serve;
mod settings;
mod store_address;
mod terminal;
mod trail;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use cli::{Cli, Command};
use exit::Exit;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing can be done where the terminal is gone.
            let _ = error.print();
            let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked_for { Exit::Pass.code() } else { Exit::Usage.code() };
        }
    };
    let terminal = terminal::Terminal::new(cli.color);
    let outcome = match cli.command {
        Command::Scan(arguments) => scan::run(&arguments, &terminal),
        Command::Diff(arguments) => diff::run(&arguments, &terminal),
        Command::Explain(arguments) => explain::run(&arguments, &terminal),
        Command::Frameworks(arguments) => frameworks::run(&arguments, &terminal),
        Command::Fix(arguments) => fix::run(&arguments, &terminal),
        Command::Agent(arguments) => agent::run(*arguments, &terminal),
        Command::Login(arguments) => account::login(&arguments, &terminal),
        Command::Logout => account::logout(&terminal),
        Command::Whoami(arguments) => account::whoami(&arguments, &terminal),
        Command::AdminLink(arguments) => admin_link::run(&arguments, &terminal),
        Command::Backup(arguments) => backup::run(&arguments, &terminal),
        Command::Restore(arguments) => restore::run(&arguments, &terminal),
        Command::Trail(command) => trail::run(&command, &terminal),
        Command::Serve(arguments) => serve::run(*arguments),
        Command::PodSecurity(command) => pod_security::run(&command, &terminal),
        Command::Policy(command) => policy::run(&command, &terminal),
        Command::Node(command) => node::run(&command, &terminal),
    };
    match outcome {
        Ok(exit) => exit.code(),
        Err(refused) => {
            terminal.say(&format!("rampart: {}", refused.message));
            refused.exit.code()
        }
    }
}
