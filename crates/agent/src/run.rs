//! The agent as a whole: follows the cluster, evaluates what changed, and tells the plane.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rampart_collect::{Mirror, Pause, RefusalKind, WatchOptions};
use rampart_model::Settings;
use rampart_protocol::{Desired, signature};
use tokio::sync::watch;

use crate::client::{Client, Failure};
use crate::desk::Desk;
use crate::home::Home;
use crate::join::{self, Door};
use crate::ring::Ring;
use crate::{key, poll, rounds, send};

/// Everything that the command line says.
#[derive(Debug, Clone)]
pub struct Options {
    /// The plane's address.
    pub server: String,
    /// The file with the join token; not needed once the agent has joined.
    pub token_file: Option<PathBuf>,
    /// The authority that the plane's certificate is checked against; none means those that the system trusts.
    pub authority: Option<PathBuf>,
    /// Where the agent keeps who it is and what is not sent yet.
    pub data: PathBuf,
    pub context: Option<String>,
    pub kubeconfig: Option<PathBuf>,
    /// The name that the cluster is to have, where the token does not say it.
    pub cluster: Option<String>,
    pub watch: WatchOptions,
    /// Threads of an evaluation.
    pub threads: NonZeroUsize,
    /// After an evaluation, the next one begins no sooner than this many times as long as it took.
    pub rest: u32,
    /// Bytes of batches that wait for the plane.
    pub ring_bytes: u64,
    /// What is the same in all evaluations; waivers and registries come from the plane.
    pub settings: Settings,
}

impl Options {
    pub fn new(server: impl Into<String>, data: impl Into<PathBuf>, settings: Settings) -> Self {
        Self {
            server: server.into(),
            token_file: None,
            authority: None,
            data: data.into(),
            context: None,
            kubeconfig: None,
            cluster: None,
            watch: WatchOptions::new(),
            threads: NonZeroUsize::MIN,
            rest: 4,
            ring_bytes: 64 << 20,
            settings,
        }
    }
}

/// Runs until it is dropped.
///
/// # Errors
/// It cannot start, or there is no way back in: the sentence says why and what to do.
pub async fn run(options: &Options) -> Result<(), String> {
    let home = Home::open(&options.data)?;
    let client = Client::new(&options.server, options.authority.as_deref())?;
    let mirror = mirror(options).await?;
    let cluster_uid = mirror.cluster_uid().await.map_err(|why| {
        format!("cannot read the namespace `kube-system`, whose uid names the cluster: {why}; allow `get` on it")
    })?;
    tracing::info!(server = %mirror.server(), cluster_uid = %cluster_uid, "following the cluster");
    let (ring, damage) = Ring::open(home.folder(), options.ring_bytes)?;
    if let Some(damage) = damage {
        tracing::warn!("{damage}");
    }
    if !ring.is_empty() {
        tracing::info!(batches = ring.len(), "batches from before are still to be sent");
    }
    let desk = Desk::new(ring, signature::hex(&key::nonce()?));
    let desired = watch::Sender::new(home.desired());
    let door = Door {
        token_file: options.token_file.as_deref(),
        cluster: options.cluster.as_deref(),
        cluster_uid: &cluster_uid,
    };
    loop {
        join::join(&client, &home, &door).await?;
        let failure = tokio::select! {
            failure = send::run(&client, &desk) => failure,
            failure = poll::run(&client, &home, &desired) => failure,
            failure = join::renew(&client, &home) => failure,
            never = rounds::run(&mirror, &desk, &client.clock, desired.subscribe(), options) => match never {},
        };
        outcast(&failure, &home, options).await?;
    }
}

/// The plane no longer knows this agent, or its certificate is over: with a token it may come back as a new one.
async fn outcast(failure: &Failure, home: &Home, options: &Options) -> Result<(), String> {
    let is_revoked = matches!(failure, Failure::Refused { code, .. } if code == "revoked");
    if is_revoked || options.token_file.is_none() {
        return Err(format!(
            "the plane has turned this agent out: {failure}; remove `{}` and give it a new join token to let it back in",
            home.folder().display()
        ));
    }
    tracing::warn!(%failure, "the plane does not know this agent: joining anew");
    home.forget_identity()?;
    tokio::time::sleep(Pause::around(Duration::from_secs(5))).await;
    Ok(())
}

/// Connects to the cluster, however long that takes.
async fn mirror(options: &Options) -> Result<Arc<Mirror>, String> {
    let mut pause = Pause::new(Duration::from_secs(2), Duration::from_secs(60));
    loop {
        let mirror =
            Mirror::start(options.context.as_deref(), options.kubeconfig.as_deref(), options.watch.clone()).await;
        match mirror {
            Ok(mirror) => return Ok(Arc::new(mirror)),
            Err(refusal) if refusal.kind == RefusalKind::Usage => return Err(refusal.to_string()),
            Err(refusal) => tracing::warn!("{refusal}"),
        }
        tokio::time::sleep(pause.due()).await;
    }
}

/// What the plane wants, once anything is known of it.
pub(crate) type Wanted = watch::Receiver<Option<Desired>>;
