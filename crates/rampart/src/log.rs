//! The log of what runs for long: standard error, as text or as a JSON object for each line.

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use crate::exit::Refused;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// `RAMPART_LOG` says how much, as `debug` or `rampart_server=debug,info`.
///
/// # Errors
/// There is a log already.
pub fn start(format: LogFormat) -> Result<(), Refused> {
    let words = std::env::var("RAMPART_LOG").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(&words)
        .map_err(|error| Refused::usage(format!("$RAMPART_LOG `{words}` is no filter: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    let started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    started.map_err(|error| Refused::error(format!("the log cannot start: {error}")))
}
