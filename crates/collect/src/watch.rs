//! A cluster that is read once and then followed: every kind is listed, then watched.
//!
//! Only reads: every request is a GET. The same kinds are kept to the same depth as a scan reads them, and the values of
//! Secrets are gone before an object is kept. What is kept is bounded; what has no room makes its kind unseen.

mod event;
mod follow;
mod pause;
mod shelf;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rampart_model::{Document, KubernetesVersion, Limits};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use crate::cluster::discover::{self, Served};
use crate::cluster::{self, Resource, connect, get};
use crate::collected::{Collected, Refusal};
use crate::options::Options;
use crate::pool::{self, Work};
use crate::read::account;
use crate::text::Tally;
use follow::{Follower, Shared};
pub use pause::Pause;
pub(crate) use shelf::Kept;
use shelf::Shelf;
pub use shelf::Usage;

/// How to follow a cluster.
#[derive(Debug, Clone)]
pub struct WatchOptions {
    /// Bounds of one object.
    pub limits: Limits,
    /// Namespaced kinds are followed in these namespaces only; empty means in all.
    pub namespaces: Vec<String>,
    /// Memory for the kept objects.
    pub bytes: u64,
    /// How often to ask what kinds there are, beside when a definition changes.
    pub rediscover: Duration,
    /// How often to list what cannot be watched, and to try again what was refused.
    pub poll: Duration,
}

impl WatchOptions {
    /// Room for some hundred thousand objects.
    pub fn new() -> Self {
        Self {
            limits: Limits::STANDARD,
            namespaces: Vec::new(),
            bytes: 256 << 20,
            rediscover: Duration::from_secs(10 * 60),
            poll: Duration::from_secs(5 * 60),
        }
    }
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// A cluster's objects, kept up to date until this is dropped.
pub struct Mirror {
    shared: Arc<Shared>,
    server: String,
    task: AbortHandle,
}

/// Time for discovery.
const DISCOVERY: Duration = Duration::from_secs(60);

/// New definitions are served a moment after they are there.
const SETTLING: Duration = Duration::from_secs(1);

/// Objects that one reader takes at a time.
const BATCH: usize = 64;

impl Mirror {
    /// Connects through a context of a kubeconfig (or, inside of a pod without one, through its own account), looks up
    /// what there is and begins to follow it. To be called within a runtime with timers.
    ///
    /// # Errors
    /// The cluster does not answer, or not to this account.
    pub async fn start(
        context: Option<&str>,
        kubeconfig: Option<&Path>,
        options: WatchOptions,
    ) -> Result<Self, Refusal> {
        // Watches are silent for minutes; each request has a time of its own.
        let connection = connect::connect(context, kubeconfig, Duration::from_secs(15 * 60)).await?;
        let discovery = async {
            let version = cluster::server_version(&connection.client).await;
            discover::discover(&connection.client).await.map(|served| (version, served))
        };
        let (version, served) = match timeout(DISCOVERY, discovery).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return Err(connection.refusal(&error)),
            Err(_) => return Err(connection.silent()),
        };
        let server = connection.server.clone();
        let shared = Arc::new(Shared {
            client: connection.client,
            shelf: Shelf::new(options.bytes),
            options,
            listings: Semaphore::new(cluster::AT_ONCE),
            rediscover: Notify::new(),
        });
        let mut followers = Followers { shared: Arc::clone(&shared), tasks: JoinSet::new(), known: HashMap::new() };
        shared.shelf.discovered(served.failed.clone(), version);
        followers.adjust(&served);
        let task = tokio::spawn(followers.run()).abort_handle();
        Ok(Self { shared, server, task })
    }

    /// The API server's address.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Waits until each kind has been listed once, or refused.
    pub async fn ready(&self) {
        // The sender lives as long as the mirror.
        let _ = self.shared.shelf.is_ready().wait_for(|ready| *ready).await;
    }

    /// A counter of changes that an evaluation would see. However many there were since it was looked at, they are one.
    pub fn revision(&self) -> watch::Receiver<u64> {
        self.shared.shelf.revision()
    }

    /// The release that the cluster says it runs.
    pub fn server_version(&self) -> Option<KubernetesVersion> {
        self.shared.shelf.server_version()
    }

    pub fn usage(&self) -> Usage {
        self.shared.shelf.usage()
    }

    /// The uid of the namespace `kube-system`, which tells a cluster from all others.
    ///
    /// # Errors
    /// It cannot be asked for; the text says why.
    pub async fn cluster_uid(&self) -> Result<String, String> {
        let asked = get::get(&self.shared.client, "/api/v1/namespaces/kube-system", get::JSON);
        let answer = match timeout(DISCOVERY, asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(get::cause(&error)),
            Err(_) => return Err("the API server does not answer".to_owned()),
        };
        let document = cluster::parse(answer);
        let uid = document.as_ref().and_then(|document| document.root().text_at(&["metadata", "uid"]));
        uid.map(str::to_owned).ok_or_else(|| "the namespace `kube-system` has no uid".to_owned())
    }

    /// Reads all that is kept at this moment, as [`read`](crate::read) reads a cluster: the same documents, with the same
    /// account. Blocks; of `options`, the threads and the bounds of a document count.
    pub fn read<S: Send>(
        &self,
        options: &Options,
        start: impl Fn() -> S + Sync,
        take: impl Fn(&mut S, &Document) + Sync,
    ) -> (Collected, Vec<S>) {
        let (kept, collected) = self.shared.shelf.view();
        let ((), states, tally): ((), Vec<S>, Tally) = pool::run(options, start, take, |feed| {
            let mut kept = kept.into_iter().peekable();
            while kept.peek().is_some() {
                feed.put(Work::Kept(kept.by_ref().take(BATCH).collect()));
            }
        });
        (account(collected, tally), states)
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The running listings, and what there is to list.
struct Followers {
    shared: Arc<Shared>,
    /// Aborted as a whole when this is dropped.
    tasks: JoinSet<()>,
    /// By API path.
    known: HashMap<String, (Arc<Resource>, AbortHandle, Arc<Notify>)>,
}

impl Followers {
    async fn run(mut self) {
        loop {
            let regular = tokio::time::sleep(Pause::around(self.shared.options.rediscover));
            tokio::select! {
                () = regular => {}
                () = self.shared.rediscover.notified() => tokio::time::sleep(SETTLING).await,
            }
            for path in self.shared.shelf.to_list_again() {
                if let Some((_, _, again)) = self.known.get(&path) {
                    again.notify_one();
                }
            }
            let discovery = async {
                let version = cluster::server_version(&self.shared.client).await;
                discover::discover(&self.shared.client).await.map(|served| (version, served))
            };
            // Where the server is away, the watches say so.
            if let Ok(Ok((version, served))) = timeout(DISCOVERY, discovery).await {
                self.shared.shelf.discovered(served.failed.clone(), version);
                self.adjust(&served);
            }
        }
    }

    /// Begins to follow what is new and stops with what is gone.
    fn adjust(&mut self, served: &Served) {
        let wanted: BTreeMap<String, &Resource> = served
            .resources
            .iter()
            .flat_map(|resource| paths(resource, &self.shared.options.namespaces).map(move |path| (path, resource)))
            .collect();
        let shelf = &self.shared.shelf;
        self.known.retain(|path, (resource, task, _)| {
            // A group whose server is down for a moment still has its kinds.
            let stays = wanted.contains_key(path) || served.failed.contains_key(&resource.api_version());
            if !stays {
                task.abort();
                shelf.close(path);
            }
            stays
        });
        let new: Vec<_> = wanted.into_iter().filter(|(path, _)| !self.known.contains_key(path)).collect();
        // All are open before the first is listed: the mirror is ready when the last is.
        let opened: Vec<_> = new
            .into_iter()
            .map(|(path, resource)| {
                let label = served.unseen_name(resource);
                let resource = Arc::new(resource.clone());
                shelf.open(&path, &resource, &label);
                (path, resource)
            })
            .collect();
        for (path, resource) in opened {
            let again = Arc::new(Notify::new());
            let follower = Follower {
                shared: Arc::clone(&self.shared),
                resource: Arc::clone(&resource),
                path: path.clone(),
                again: Arc::clone(&again),
            };
            let task = self.tasks.spawn(follower.run());
            self.known.insert(path, (resource, task, again));
        }
        // What was aborted is not kept.
        while self.tasks.try_join_next().is_some() {}
    }
}

/// The API paths under which a kind is listed.
fn paths(resource: &Resource, namespaces: &[String]) -> impl Iterator<Item = String> {
    let paths: Vec<String> = match resource.is_namespaced && !namespaces.is_empty() {
        true => namespaces.iter().map(|namespace| resource.path_in(&get::escape(namespace))).collect(),
        false => vec![resource.path()],
    };
    paths.into_iter()
}
