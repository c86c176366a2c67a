//! `rampart restore`: a backup into an empty database, of the same kind as it was taken from or the other.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use rampart_store::backup;

use crate::exit::{Exit, Refused};
use crate::output;
use crate::store_address::{StoreAddress, refused};
use crate::terminal::Terminal;
use crate::trail;

#[derive(Debug, Args)]
pub struct Restore {
    /// What `rampart backup` wrote.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub store: StoreAddress,
}

/// # Errors
/// The file is damaged, or the database is not empty or fails. Then nothing was stored.
pub fn run(arguments: &Restore, terminal: &Terminal) -> Result<Exit, Refused> {
    let path = &arguments.file;
    File::open(path).map_err(|error| {
        let cause = output::cause(&error);
        Refused::usage(format!("cannot read `{}`: {cause}; name a backup", path.display()))
    })?;
    let restored =
        backup::restore(&arguments.store.url()?, || File::open(path)).map_err(|failure| refused(&failure))?;
    if let Some(broken) = trail::broken(&restored.trail) {
        terminal.say(&format!("{broken}; it was so in the backup"));
    }
    let exit = Exit::Pass;
    terminal.say(&format!("exit {}: {} rows of {} tables are restored", exit.number(), restored.rows, restored.tables));
    Ok(exit)
}
