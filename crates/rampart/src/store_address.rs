//! Where a plane's store is, for the commands that work on it without the plane.

use std::path::PathBuf;

use clap::Args;
use rampart_store::{Failure, Kind};

use crate::exit::{Exit, Refused};

#[derive(Debug, Args)]
pub struct StoreAddress {
    /// Folder of the plane's data, where the store is in it.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The store by URL: `postgres://..` or `sqlite:FILE`. $RAMPART_DATABASE keeps a password out of the process list.
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    pub database: Option<String>,
}

impl StoreAddress {
    /// # Errors
    /// Nothing names a store.
    pub fn url(&self) -> Result<String, Refused> {
        if let Some(url) = &self.database {
            return Ok(url.clone());
        }
        if let Some(data) = &self.data {
            return Ok(format!("sqlite:{}", data.join("rampart.db").display()));
        }
        let named = std::env::var("RAMPART_DATABASE").ok();
        named.ok_or_else(|| Refused::usage("name the store: `--data DIR` or `--database URL`"))
    }
}

/// What the store refuses in a request is the request's fault; the rest is the world's.
pub fn refused(failure: &Failure) -> Refused {
    let exit = match failure.kind {
        Kind::Missing | Kind::Conflict | Kind::Denied | Kind::Invalid => Exit::Usage,
        Kind::Busy | Kind::Full | Kind::Gone | Kind::Corrupt | Kind::Other => Exit::Error,
    };
    Refused { exit, message: failure.to_string() }
}
