//! `rampart agent`: words of the command line to the agent's options; the agent itself is a crate.

mod manifest;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use rampart_agent::Options;
use rampart_collect::WatchOptions;
use rampart_model::Settings;

use crate::exit::{Exit, Refused};
use crate::log::{self, LogFormat};
use crate::terminal::Terminal;
use manifest::Manifest;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Agent {
    #[command(subcommand)]
    command: Option<AgentCommand>,
    #[command(flatten)]
    run: Run,
}

#[derive(Debug, Subcommand)]
enum AgentCommand {
    /// Print the YAML that installs the agent in a cluster, with an account that may only read.
    Manifest(Manifest),
}

#[derive(Debug, Args)]
struct Run {
    /// Address of the plane, such as https://rampart.example.org.
    #[arg(long, value_name = "URL", required = true)]
    server: Option<String>,
    /// File with the join token; not needed once the agent has joined.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Certificate authority of the plane (PEM), where the system does not know it.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Folder for the agent's key and certificate and for what is not sent yet.
    #[arg(long, value_name = "DIR", required = true)]
    data: Option<PathBuf>,
    /// Name of the cluster, where the join token does not say it.
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Kubeconfig of the cluster, instead of $KUBECONFIG, ~/.kube/config or, in a pod, its account.
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig.
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// Follow namespaced kinds in these namespaces only (repeatable).
    #[arg(short, long, value_name = "NAME")]
    namespace: Vec<String>,
    /// MiB of memory for the cluster's objects; what has no room is reported as not seen.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=65_536))]
    memory: u64,
    /// MiB of disk for batches that wait for the plane.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=65_536))]
    disk: u64,
    /// Threads of an evaluation.
    #[arg(long, value_name = "COUNT", default_value_t = NonZeroUsize::MIN)]
    threads: NonZeroUsize,
    /// After an evaluation, rest this many times as long as it took.
    #[arg(long, value_name = "TIMES", default_value_t = 4)]
    rest: u32,
    /// How the log on standard error is written.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    log: LogFormat,
}

/// # Errors
/// The agent cannot start, or was turned out.
pub fn run(arguments: Agent, terminal: &Terminal) -> Result<Exit, Refused> {
    match arguments.command {
        Some(AgentCommand::Manifest(arguments)) => manifest::run(&arguments, terminal),
        None => work(arguments.run),
    }
}

fn work(run: Run) -> Result<Exit, Refused> {
    let missing = |what: &str| Refused::usage(format!("`{what}` is missing"));
    let server = run.server.ok_or_else(|| missing("--server URL"))?;
    let data = run.data.ok_or_else(|| missing("--data DIR"))?;
    log::start(run.log)?;
    let settings = Settings::new(jiff::Timestamp::now());
    let options = Options {
        token_file: run.token_file,
        authority: run.ca,
        context: run.context,
        kubeconfig: run.kubeconfig,
        cluster: run.cluster,
        watch: WatchOptions { namespaces: run.namespace, bytes: run.memory << 20, ..WatchOptions::new() },
        threads: run.threads,
        rest: run.rest,
        ring_bytes: run.disk << 20,
        ..Options::new(server, data, settings)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Refused::error(format!("the runtime cannot start: {error}")))?;
    runtime.block_on(async {
        tokio::select! {
            outcome = rampart_agent::run(&options) => outcome.map_err(Refused::error),
            outcome = told_to_stop() => outcome,
        }
    })?;
    Ok(Exit::Pass)
}

/// Whatever is not acknowledged is on disk: there is nothing to wait for.
async fn told_to_stop() -> Result<(), Refused> {
    use tokio::signal::unix::{SignalKind, signal};
    let watch = |kind| signal(kind).map_err(|error| Refused::error(format!("cannot watch for signals: {error}")));
    let (mut terminate, mut interrupt) = (watch(SignalKind::terminate())?, watch(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    Ok(())
}
