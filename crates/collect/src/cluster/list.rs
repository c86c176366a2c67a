//! All objects of one kind, page by page.

use std::sync::Arc;

use kube::Client;
use rampart_model::Name;

use super::get;
use super::resource::{Depth, Resource};
use crate::live::{self, LiveItem};
use crate::pool::{Feed, Work};
use crate::split::Splitter;
use crate::stream::PIECE_BYTES;

/// How often a listing that the server lost track of is taken up again.
const RESTARTS: u32 = 3;

/// Objects that one reader takes at a time.
const BATCH: usize = 64;

/// Feeds all objects of a kind, or those of `namespaces`. The error says why it (or the rest of it) stays unseen.
pub(super) async fn list(
    client: &Client,
    resource: &Resource,
    namespaces: &[String],
    feed: &Feed,
) -> Result<(), String> {
    let resource = Arc::new(resource.clone());
    if namespaces.is_empty() || !resource.is_namespaced {
        return pages(client, &resource, &resource.path(), feed).await;
    }
    for namespace in namespaces {
        pages(client, &resource, &resource.path_in(&get::escape(namespace)), feed).await?;
    }
    Ok(())
}

async fn pages(client: &Client, resource: &Arc<Resource>, path: &str, feed: &Feed) -> Result<(), String> {
    let accept = if resource.depth() == Depth::Metadata { get::METADATA } else { get::JSON };
    let (mut token, mut restarts) = (None::<String>, 0);
    // The last object that was fed, and up to which one to pass over all.
    let (mut last, mut resume_after) = (None::<String>, None::<String>);
    loop {
        let mut url = format!("/{path}?limit={}", resource.page());
        if let Some(token) = &token {
            url += &format!("&continue={}", get::escape(token));
        }
        match get::get(client, &url, accept).await {
            Ok(page) => {
                let mut splitter = Splitter::new(Name::from(path), page.as_slice(), PIECE_BYTES);
                let mut items = Vec::new();
                while let Some(step) = splitter.next() {
                    let piece = step.map_err(|mistake| format!("an answer cannot be read: {}", mistake.message))?;
                    // An empty list may be written with `items: null`, and then comes as a whole.
                    if !piece.is_item {
                        continue;
                    }
                    if resume_after.is_some() && live::key(&piece.text) <= resume_after {
                        continue;
                    }
                    items.push(LiveItem { resource: Arc::clone(resource), text: piece.text });
                }
                if let Some(item) = items.last() {
                    last = Some(item.text.clone());
                }
                while !items.is_empty() {
                    let rest = items.split_off(items.len().min(BATCH));
                    feed.put(Work::Live(std::mem::replace(&mut items, rest)));
                }
                token = splitter.envelope().and_then(|list| list.next_page.clone());
                if token.is_none() {
                    return Ok(());
                }
            }
            // The snapshot that the token belongs to is gone. The answer carries a token that goes on from the same
            // object in the present; without one the listing begins again and passes over what it has.
            Err(kube::Error::Api(status)) if status.code == 410 && restarts < RESTARTS => {
                restarts += 1;
                token =
                    status.metadata.as_ref().and_then(|list| list.continue_.clone()).filter(|token| !token.is_empty());
                resume_after = if token.is_none() { last.as_deref().and_then(live::key) } else { None };
            }
            Err(error) => return Err(explained(&error)),
        }
    }
}

pub(crate) fn explained(error: &kube::Error) -> String {
    match get::code(error) {
        Some(401) => "the credentials are no longer accepted".to_owned(),
        Some(403) => "listing it is forbidden to this account".to_owned(),
        Some(404 | 405) => "the server has stopped serving it".to_owned(),
        _ => get::cause(error),
    }
}
