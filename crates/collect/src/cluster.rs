//! A live cluster: what it serves, listed kind by kind, a page at a time.
//!
//! Only reads: every request of this module is a GET. What one kind refuses is remembered as unseen and the others go on.
//! Answers go to the readers as raw pages; the runtime lives on the feeding thread and ends with it.

pub(crate) mod connect;
pub(crate) mod discover;
pub(crate) mod get;
pub(crate) mod list;
mod resource;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use kube::Client;
use rampart_model::{Document, KubernetesVersion, Limits, SourceText};

use crate::collected::{Collected, Refusal};
use crate::options::Options;
use crate::pool::Feed;
pub(crate) use resource::{Depth, Resource};

/// Lists that run beside each other: enough to hide the way to the server, too few to be felt there.
pub(crate) const AT_ONCE: usize = 4;

/// Reads a cluster through a context of a kubeconfig.
pub(crate) fn feed(
    context: Option<&str>,
    kubeconfig: Option<&Path>,
    options: &Options,
    feed: &Feed,
    collected: &mut Collected,
) -> Result<(), Refusal> {
    let runtime = runtime()?;
    runtime.block_on(read(context, kubeconfig, options, feed, collected))
}

async fn read(
    context: Option<&str>,
    kubeconfig: Option<&Path>,
    options: &Options,
    feed: &Feed,
    collected: &mut Collected,
) -> Result<(), Refusal> {
    let connection = connect::connect(context, kubeconfig, connect::SILENCE).await?;
    let client = &connection.client;
    collected.is_cluster = true;
    let deadline = tokio::time::Instant::now() + options.deadline;
    let discovery = async {
        collected.server_version = server_version(client).await;
        discover::discover(client).await
    };
    let served = match tokio::time::timeout_at(deadline.min(in_seconds(60)), discovery).await {
        Ok(Ok(served)) => served,
        Ok(Err(error)) => return Err(connection.refusal(&error)),
        Err(_) => return Err(connection.silent()),
    };
    for (group, why) in &served.failed {
        collected.unseen.insert(format!("all kinds of {group}"), why.clone());
    }
    let unseen = RefCell::new(BTreeMap::new());
    let done = RefCell::new(BTreeSet::new());
    let listing = futures_util::stream::iter(&served.resources).for_each_concurrent(AT_ONCE, |resource| {
        let (unseen, done) = (&unseen, &done);
        async move {
            if let Err(why) = list::list(client, resource, &options.namespaces, feed).await {
                unseen.borrow_mut().insert(resource.path(), why);
            }
            done.borrow_mut().insert(resource.path());
        }
    });
    let is_late = tokio::time::timeout_at(deadline, listing).await.is_err();
    let (unseen, done) = (unseen.into_inner(), done.into_inner());
    collected.sources += done.len() as u64 - unseen.len() as u64;
    for resource in &served.resources {
        let late =
            || (is_late && !done.contains(&resource.path())).then(|| "not listed within the time given".to_owned());
        if let Some(why) = unseen.get(&resource.path()).cloned().or_else(late) {
            collected.unseen.insert(served.unseen_name(resource), why);
        }
    }
    Ok(())
}

/// The release that a cluster says it runs; none where it does not say.
pub(crate) fn release(
    context: Option<&str>,
    kubeconfig: Option<&Path>,
    options: &Options,
) -> Result<Option<KubernetesVersion>, Refusal> {
    let runtime = runtime()?;
    runtime.block_on(async {
        let connection = connect::connect(context, kubeconfig, connect::SILENCE).await?;
        let limit = options.deadline.min(Duration::from_secs(60));
        match tokio::time::timeout(limit, server_version(&connection.client)).await {
            Ok(version) => Ok(version),
            Err(_) => Err(connection.silent()),
        }
    })
}

fn runtime() -> Result<tokio::runtime::Runtime, Refusal> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Refusal::unavailable(format!("cannot start the API client: {error}"), "free memory or file handles")
    })
}

fn in_seconds(seconds: u64) -> tokio::time::Instant {
    tokio::time::Instant::now() + Duration::from_secs(seconds)
}

pub(crate) async fn server_version(client: &Client) -> Option<KubernetesVersion> {
    let answer = get::get(client, "/version", get::JSON).await.ok()?;
    parse(answer)?.root().text_at(&["gitVersion"])?.parse().ok()
}

/// An answer of the API server as a document.
pub(crate) fn parse(answer: Vec<u8>) -> Option<Document> {
    let text = String::from_utf8(answer).ok()?;
    Document::from_json(std::sync::Arc::new(SourceText::new("", text)), &Limits::STANDARD).ok()
}
