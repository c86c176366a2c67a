//! `rampart serve`: words of the command line to the plane's options; the plane itself is a crate.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use rampart_server::options::{DatabaseUrl, KeyText, TlsFiles};
use rampart_server::{Options, SourceWord};

use crate::exit::{Exit, Refused};
use crate::log::{self, LogFormat};

#[derive(Debug, Args)]
pub struct Serve {
    /// Folder for keys, certificates and, without `--database`, the store.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// PostgreSQL by URL, instead of SQLite in the data folder. $RAMPART_DATABASE keeps its password out of the process list.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// A cluster that the plane reads itself: a folder, a snapshot or `context:NAME` (repeatable).
    #[arg(long, value_name = "NAME=SOURCE")]
    pub cluster: Vec<SourceWord>,
    /// The kubeconfig for clusters given as contexts.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Certificate chain of the listener (PEM), instead of one that the plane makes.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Where browsers and agents reach the plane, such as https://rampart.example.org.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Settings for the clusters that the plane reads itself, as `--settings` of scan (repeatable).
    #[arg(long, value_name = "FILE")]
    pub allowed_settings: Vec<PathBuf>,
    /// How often a context that cannot be watched is read again, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(5..=86_400))]
    pub rescan: u64,
    /// Certificate authorities (PEM) of the identity provider, where the system does not know them.
    #[arg(long, value_name = "FILE")]
    pub identity_ca: Option<PathBuf>,
    /// Speak plain HTTP; only on a loopback address.
    #[arg(long)]
    pub insecure_http: bool,
    /// How the log on standard error is written.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log: LogFormat,
}

/// # Errors
/// The plane cannot start.
pub fn run(arguments: Serve) -> Result<Exit, Refused> {
    log::start(arguments.log)?;
    let tls = arguments.tls_cert.zip(arguments.tls_key);
    let options = Options {
        data: arguments.data,
        listen: arguments.listen,
        database: arguments.database.or_else(|| std::env::var("RAMPART_DATABASE").ok()).map(DatabaseUrl::new),
        clusters: arguments.cluster,
        tls: tls.map(|(certificate, key)| TlsFiles { certificate, key }),
        public_url: arguments.public_url,
        settings: arguments.allowed_settings,
        insecure_http: arguments.insecure_http,
        rescan: Duration::from_secs(arguments.rescan),
        kubeconfig: arguments.kubeconfig,
        identity_ca: arguments.identity_ca,
        seal_key: std::env::var("RAMPART_SEAL_KEY").ok().map(KeyText::new),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Refused::error(format!("the runtime cannot start: {error}")))?;
    runtime.block_on(rampart_server::serve(options)).map_err(Refused::error)?;
    Ok(Exit::Pass)
}
