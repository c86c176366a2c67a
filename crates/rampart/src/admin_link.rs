//! `rampart admin-link`: the way back in for whoever holds the database, where nobody can sign in any more.

use std::path::PathBuf;

use clap::Args;
use rampart_store::Store;

use crate::exit::{Exit, Refused};
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub struct AdminLink {
    /// Folder of the plane's data, where the store is in it.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL by URL. $RAMPART_DATABASE keeps its password out of the process list.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Where browsers reach the plane.
    #[arg(long, value_name = "URL", default_value = "https://127.0.0.1:8443")]
    pub public_url: String,
}

/// # Errors
/// The store cannot be opened.
pub fn run(arguments: &AdminLink, terminal: &Terminal) -> Result<Exit, Refused> {
    let database = arguments.database.clone().or_else(|| std::env::var("RAMPART_DATABASE").ok());
    let url = match (database, &arguments.data) {
        (Some(url), _) => url,
        (None, Some(data)) => {
            let path = data.join("rampart.db");
            if !path.is_file() {
                return Err(Refused::usage(format!(
                    "`{}` holds no store of a plane: name its data folder",
                    data.display()
                )));
            }
            format!("sqlite:{}", path.display())
        }
        (None, None) => return Err(Refused::usage("name the store: `--data DIR`, or `--database URL`")),
    };
    let store = Store::open(&url).map_err(|failure| Refused::error(failure.to_string()))?;
    let link = rampart_server::admin_link(&store, &arguments.public_url, jiff::Timestamp::now());
    let link = link.map_err(|failure| Refused::error(failure.to_string()))?;
    terminal.say("this link works once, within an hour; local users may sign in again until an administrator uses the identity provider");
    terminal.print(&format!("{}\n", link.expose()))?;
    Ok(Exit::Pass)
}
