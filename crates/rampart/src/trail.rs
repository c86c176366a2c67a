//! `rampart trail verify`: whether the plane's audit trail is as it was written.

use std::str::FromStr;

use clap::{Args, Subcommand};
use rampart_store::Store;
use rampart_store::audit::verify::{Verified, hash_of, verify};

use crate::exit::{Exit, Refused};
use crate::store_address::{StoreAddress, refused};
use crate::terminal::Terminal;

#[derive(Debug, Subcommand)]
pub enum Trail {
    /// Check that no entry of the plane's audit trail was changed or removed. Exit 1 where one was.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    pub store: StoreAddress,
    /// An entry as it was noted earlier, outside of the plane: its number and its hash.
    #[arg(long, value_name = "SEQ:HASH")]
    pub anchor: Option<Anchor>,
}

/// Whoever holds the database can write a whole new trail; an anchor is what they cannot reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    seq: u64,
    hash: String,
}

impl FromStr for Anchor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, hash)));
        let (seq, hash) =
            parts.ok_or_else(|| format!("`{}` is not SEQ:HASH, such as 17:0a1b..", text.escape_debug()))?;
        Ok(Self { seq, hash: hash.to_ascii_lowercase() })
    }
}

/// # Errors
/// There is no such store, or it fails.
pub fn run(command: &Trail, terminal: &Terminal) -> Result<Exit, Refused> {
    let Trail::Verify(arguments) = command;
    let store = Store::open_as_is(&arguments.store.url()?).map_err(|failure| refused(&failure))?;
    let (verified, anchored) = store
        .read(|tx| {
            let noted = arguments.anchor.as_ref();
            Ok((verify(tx)?, noted.map(|anchor| hash_of(tx, anchor.seq)).transpose()?.flatten()))
        })
        .map_err(|failure| refused(&failure))?;
    let (exit, why) = match (broken(&verified), &arguments.anchor) {
        (Some(broken), _) => (Exit::Gate, broken),
        (None, Some(anchor)) if anchored.as_ref() != Some(&anchor.hash) => {
            (Exit::Gate, format!("the audit trail was replaced: entry {} is not the one that was noted", anchor.seq))
        }
        (None, _) => {
            let (entries, head) = (verified.entries, verified.head.as_deref().unwrap_or_default());
            (Exit::Pass, format!("the audit trail is intact up to its last entry {entries}:{head}"))
        }
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
