//! `rampart trail verify`: whether the plane's audit trail is as it was written.

use clap::Subcommand;
use rampart_store::Store;
use rampart_store::audit::verify::{Verified, verify};

use crate::exit::{Exit, Refused};
use crate::store_address::{StoreAddress, refused};
use crate::terminal::Terminal;

#[derive(Debug, Subcommand)]
pub enum Trail {
    /// Check that no entry of the plane's audit trail was changed or removed. Exit 1 where one was.
    Verify(StoreAddress),
}

/// # Errors
/// There is no such store, or it fails.
pub fn run(command: &Trail, terminal: &Terminal) -> Result<Exit, Refused> {
    let Trail::Verify(address) = command;
    let store = Store::open_as_is(&address.url()?).map_err(|failure| refused(&failure))?;
    let verified = store.read(verify).map_err(|failure| refused(&failure))?;
    let (exit, why) = match broken(&verified) {
        None => (Exit::Pass, format!("the audit trail is intact, {} entries", verified.entries)),
        Some(broken) => (Exit::Gate, broken),
    };
    terminal.say(&format!("exit {}: {why}", exit.number()));
    Ok(exit)
}

/// A sentence that names the first broken entry.
pub fn broken(verified: &Verified) -> Option<String> {
    let seq = verified.broken_at?;
    let problem = verified.problem.as_deref().unwrap_or("it is not as it was written");
    Some(format!("the audit trail is broken at entry {seq}: {problem}"))
}
