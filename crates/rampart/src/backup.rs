//! `rampart backup`: all that a plane knows as one file, taken while the plane runs.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use rampart_store::{Store, backup};

use crate::exit::{Exit, Refused};
use crate::output;
use crate::store_address::{StoreAddress, refused};
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub store: StoreAddress,
    /// The file to write, readable by its owner alone. It fits both kinds of database.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// # Errors
/// There is no such store, it fails, or the file cannot be written.
pub fn run(arguments: &Backup, terminal: &Terminal) -> Result<Exit, Refused> {
    let path = &arguments.output;
    let store = Store::open_as_is(&arguments.store.url()?).map_err(|failure| refused(&failure))?;
    let cannot = |error: &io::Error| {
        let cause = output::cause(error);
        Refused::error(format!(
            "cannot write `{}`: {cause}; name a file in a folder that you may write to",
            path.display()
        ))
    };
    // The name appears with the whole backup behind it or not at all.
    let part = part(path);
    let file = create(&part).map_err(|error| cannot(&error))?;
    let written = backup::write(&store, &file, jiff::Timestamp::now()).map_err(|failure| refused(&failure));
    let written = written.and_then(|summary| {
        let finished = file.sync_all().and_then(|()| std::fs::rename(&part, path));
        finished.map(|()| summary).map_err(|error| cannot(&error))
    });
    let summary = written.inspect_err(|_| {
        // What went wrong is said; half a backup is of no use.
        let _ = std::fs::remove_file(&part);
    })?;
    terminal.say("keep `seal.key` of the data folder as well: without it sealed secrets have to be set again");
    let (exit, shown) = (Exit::Pass, path.display());
    terminal.say(&format!(
        "exit {}: {} rows of {} tables are in `{shown}`",
        exit.number(),
        summary.rows,
        summary.tables
    ));
    Ok(exit)
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
