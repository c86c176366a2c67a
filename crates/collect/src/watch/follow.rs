//! One kind from now on: listed, then watched from where the listing ended, and listed again where the thread was lost.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use http::Request;
use http::header::ACCEPT;
use kube::Client;
use rampart_model::Name;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout};

use super::WatchOptions;
use super::event::{self, Event};
use super::pause::Pause;
use super::shelf::{self, Shelf};
use crate::cluster::list::explained;
use crate::cluster::{Depth, Resource, get};
use crate::live;
use crate::split::Splitter;
use crate::stream::PIECE_BYTES;

/// Only names, labels and the like of each object, in a watch.
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

/// Time for one page of a listing, and for the head of a watch.
const ANSWER: Duration = Duration::from_secs(60);

/// A watch that says nothing for this long is taken up anew: servers send a bookmark every minute.
const SILENCE: Duration = Duration::from_secs(150);

/// How long the server is asked to keep a watch, about.
const WATCH: Duration = Duration::from_secs(8 * 60);

/// How long a watch may be down before what is kept is no longer taken for what there is.
const STALE: Duration = Duration::from_secs(2 * 60);

/// How often a listing that the server lost track of begins anew.
const RESTARTS: u32 = 3;

/// What all listings of a mirror share.
pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) shelf: Shelf,
    pub(super) options: WatchOptions,
    /// Bounds the listings that run at once.
    pub(super) listings: Semaphore,
    /// Rung where what the server serves may have changed.
    pub(super) rediscover: Notify,
}

/// One listing and its watch.
pub(super) struct Follower {
    pub(super) shared: Arc<Shared>,
    pub(super) resource: Arc<Resource>,
    /// The API path, without a leading slash.
    pub(super) path: String,
    /// Rung to list again.
    pub(super) again: Arc<Notify>,
}

/// Why a watch is over.
enum End {
    /// In order: the server closes each after a while.
    Closed,
    /// The server no longer knows what happened since.
    Gone,
    /// It can be listed and not watched.
    Refused,
    Failed(String),
}

/// Why a listing failed.
enum Trouble {
    /// It will be the same until somebody changes something.
    Refused(String),
    Passing(String),
}

impl Follower {
    /// Goes on until it is aborted.
    pub(super) async fn run(self) {
        let mut pause = Pause::new(Duration::from_secs(1), Duration::from_secs(60));
        loop {
            match self.list().await {
                Ok(Some(version)) => {
                    pause.reset();
                    let is_refused = tokio::select! {
                        end = self.watch(version) => matches!(end, End::Refused),
                        () = self.again.notified() => false,
                    };
                    if is_refused {
                        self.rest(self.shared.options.poll).await;
                    }
                }
                Ok(None) => self.rest(self.shared.options.poll).await,
                Err(Trouble::Refused(why)) => {
                    self.shared.shelf.trouble(&self.path, Some(why));
                    self.rest(self.shared.options.poll).await;
                }
                Err(Trouble::Passing(why)) => {
                    self.shared.shelf.trouble(&self.path, Some(why));
                    tokio::time::sleep(pause.due()).await;
                }
            }
        }
    }

    async fn rest(&self, time: Duration) {
        // An early ring is as good as the time being over.
        let _ = timeout(Pause::around(time), self.again.notified()).await;
    }

    /// Lists all; returns the version to watch from, where the server gives one.
    async fn list(&self) -> Result<Option<String>, Trouble> {
        // The semaphore is never closed.
        let _permit = self.shared.listings.acquire().await;
        for _ in 0..=RESTARTS {
            if let Some(version) = self.pages().await? {
                return Ok(Some(version).filter(|version| !version.is_empty()));
            }
        }
        Err(Trouble::Passing("the server loses track of its listing again and again".to_owned()))
    }

    /// All pages of one listing; none where the server lost track of it on the way.
    async fn pages(&self) -> Result<Option<String>, Trouble> {
        let Self { resource, path, .. } = self;
        let Shared { client, shelf, options, .. } = &*self.shared;
        let accept = if resource.depth() == Depth::Metadata { get::METADATA } else { get::JSON };
        let (mut named, mut broken) = (HashSet::new(), Vec::new());
        let (mut token, mut version) = (None::<String>, None::<String>);
        loop {
            let mut url = format!("/{path}?limit={}", resource.page());
            if let Some(token) = &token {
                url += &format!("&continue={}", get::escape(token));
            }
            let page = match timeout(ANSWER, get::get(client, &url, accept)).await {
                Ok(Ok(page)) => page,
                Ok(Err(kube::Error::Api(status))) if status.code == 410 => return Ok(None),
                Ok(Err(error)) => return Err(trouble(&error)),
                Err(_) => return Err(Trouble::Passing("the server does not answer".to_owned())),
            };
            let mut splitter = Splitter::new(Name::from(path.as_str()), page.as_slice(), PIECE_BYTES);
            while let Some(step) = splitter.next() {
                let piece =
                    step.map_err(|mistake| Trouble::Passing(format!("an answer cannot be read: {}", mistake.message)))?;
                if !piece.is_item {
                    continue;
                }
                match live::strip_text(resource, piece.text, &options.limits) {
                    Ok(object) => {
                        shelf.put(path, &object);
                        named.insert(shelf::key(&object));
                    }
                    Err(diagnostic) => broken.push(diagnostic),
                }
            }
            let envelope = splitter.envelope();
            version = version.or(envelope.and_then(|list| list.version.clone()));
            token = envelope.and_then(|list| list.next_page.clone());
            if token.is_none() {
                break;
            }
        }
        shelf.listed(path, &named, broken);
        Ok(Some(version.unwrap_or_default()))
    }

    /// Watches from `version` on, with one connection after the other.
    async fn watch(&self, mut version: String) -> End {
        let mut pause = Pause::new(Duration::from_millis(500), Duration::from_secs(30));
        let mut down_since = None::<Instant>;
        loop {
            let begun = Instant::now();
            match self.watch_once(&mut version, &mut down_since).await {
                End::Closed if begun.elapsed() > Duration::from_secs(5) => pause.reset(),
                End::Closed => tokio::time::sleep(pause.due()).await,
                End::Failed(why) => {
                    if down_since.get_or_insert_with(Instant::now).elapsed() > STALE {
                        let why = format!("its changes are not seen: {why}");
                        self.shared.shelf.trouble(&self.path, Some(why));
                    }
                    if begun.elapsed() > Duration::from_secs(60) {
                        pause.reset();
                    }
                    tokio::time::sleep(pause.due()).await;
                }
                end => return end,
            }
        }
    }

    async fn watch_once(&self, version: &mut String, down_since: &mut Option<Instant>) -> End {
        let Self { resource, path, .. } = self;
        let accept = if resource.depth() == Depth::Metadata { METADATA } else { get::JSON };
        let url = format!(
            "/{path}?watch=1&allowWatchBookmarks=true&timeoutSeconds={}&resourceVersion={}",
            Pause::around(WATCH).as_secs(),
            get::escape(version)
        );
        let request = match Request::get(url).header(ACCEPT, accept).body(Vec::new()) {
            Ok(request) => request,
            Err(error) => return End::Failed(error.to_string()),
        };
        let stream = match timeout(ANSWER, self.shared.client.request_stream(request)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(kube::Error::Api(status))) if status.code == 410 => return End::Gone,
            Ok(Err(error)) => {
                return match get::code(&error) {
                    // To list again tells the kinds that are gone or forbidden from those that cannot be watched.
                    Some(403..=405) => End::Refused,
                    _ => End::Failed(explained(&error)),
                };
            }
            Err(_) => return End::Failed("the server does not answer".to_owned()),
        };
        *down_since = None;
        self.shared.shelf.trouble(path, None);
        let mut stream = pin!(stream);
        loop {
            let line = match timeout(SILENCE, line(&mut stream)).await {
                Ok(Ok(Some(line))) => line,
                Ok(Ok(None)) | Err(_) => return End::Closed,
                Ok(Err(why)) => return End::Failed(why),
            };
            if let Some(end) = self.take(line, version) {
                return end;
            }
        }
    }

    /// Takes over one event.
    fn take(&self, line: String, version: &mut String) -> Option<End> {
        let Self { resource, path, .. } = self;
        let Shared { shelf, options, .. } = &*self.shared;
        let (is_changed, newer) = match event::read(resource, line, &options.limits) {
            Ok(Event::Put { object, version }) => (shelf.put(path, &object), version),
            Ok(Event::Removed { object, version }) => (shelf.remove(path, &object), version),
            Ok(Event::Bookmark { version }) => (false, version),
            Ok(Event::Ended { code: 410, .. }) => return Some(End::Gone),
            Ok(Event::Ended { message, .. }) => return Some(End::Failed(message)),
            Err(diagnostic) => {
                shelf.complain(path, diagnostic);
                (false, None)
            }
        };
        if let Some(newer) = newer {
            *version = newer;
        }
        if is_changed && resource.defines_kinds() {
            self.shared.rediscover.notify_one();
        }
        None
    }
}

fn trouble(error: &kube::Error) -> Trouble {
    match get::code(error) {
        Some(401 | 403 | 404 | 405) => Trouble::Refused(explained(error)),
        _ => Trouble::Passing(explained(error)),
    }
}

/// The next line; none at the end.
async fn line(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<String>, String> {
    let mut line = Vec::new();
    let limit = PIECE_BYTES as u64;
    let read = stream.take(limit).read_until(b'\n', &mut line).await;
    read.map_err(|error| error.to_string())?;
    if line.len() as u64 == limit {
        return Err(format!("an event of the watch is longer than {limit} bytes"));
    }
    // What a connection that broke had begun is no line.
    if line.pop() != Some(b'\n') {
        return Ok(None);
    }
    String::from_utf8(line).map(Some).map_err(|_| "an event of the watch is no UTF-8 text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn line_that_broke_off_is_none() {
        let mut stream = futures_util::io::Cursor::new(b"{}\n{\"a\":".to_vec());
        assert_eq!(line(&mut stream).await, Ok(Some("{}".to_owned())));
        assert_eq!(line(&mut stream).await, Ok(None));
    }
}
