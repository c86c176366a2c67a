//! What a message says, before it takes the form of its receiver: one line on top, and a line for each finding.

use std::collections::BTreeMap;

use rampart_store::delivery::{Item, News};
use ring::digest::{SHA256, digest};

/// One message: a single piece of news, or all that a digest gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The same in every attempt.
    pub key: String,
    pub news: Vec<News>,
    /// What stands on top instead of the counts.
    pub head: Option<String>,
    /// Where the plane is reached, for links.
    pub link: Option<String>,
}

/// Lines that a message for people has at most.
const LINES: usize = 25;

impl Message {
    pub fn of(pieces: &[rampart_store::delivery::send::Piece], link: Option<String>) -> Self {
        let key = match pieces {
            [one] => one.id.clone(),
            many => {
                let ids: Vec<&str> = many.iter().map(|piece| piece.id.as_str()).collect();
                let hash = digest(&SHA256, ids.join(" ").as_bytes());
                hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
            }
        };
        Self { key, news: pieces.iter().map(|piece| piece.news.clone()).collect(), head: None, link }
    }

    pub fn title(&self) -> String {
        if let Some(head) = &self.head {
            return plain(head);
        }
        let total: u64 = self.news.iter().map(|news| news.total).sum();
        let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
        for (severity, count) in self.news.iter().flat_map(|news| &news.counts) {
            let rank = rampart_model::Severity::ALL.iter().position(|known| known.id() == severity);
            *counts.entry(rank.unwrap_or(usize::MAX)).or_default() += count;
        }
        let counts: Vec<String> = counts
            .iter()
            .map(|(rank, count)| {
                let severity = rampart_model::Severity::ALL.get(*rank).map_or("other", |severity| severity.id());
                format!("{count} {severity}")
            })
            .collect();
        let mut clusters: Vec<&str> = self.news.iter().map(|news| news.cluster.as_str()).collect();
        clusters.sort_unstable();
        clusters.dedup();
        let place = match clusters.as_slice() {
            [one] => plain(one),
            many => format!("{} clusters", many.len()),
        };
        let noun = if total == 1 { "finding" } else { "findings" };
        format!("{total} {noun} in {place}: {}", counts.join(", "))
    }

    /// The first findings, and how many more there are.
    pub fn lines(&self) -> (Vec<Line<'_>>, u64) {
        let all = self.news.iter().flat_map(|news| news.items.iter().map(|item| Line { cluster: &news.cluster, item }));
        let shown: Vec<Line<'_>> = all.take(LINES).collect();
        let total: u64 = self.news.iter().map(|news| news.total).sum();
        let rest = total.saturating_sub(shown.len() as u64);
        (shown, rest)
    }
}

/// A message that is about no finding.
pub(crate) fn announcement(key: String, text: &str, link: Option<String>, at: jiff::Timestamp) -> Message {
    let news = News { cluster: String::new(), at, total: 0, counts: BTreeMap::new(), items: Vec::new() };
    Message { key, news: vec![news], head: Some(text.to_owned()), link }
}

pub(crate) struct Line<'m> {
    pub cluster: &'m str,
    pub item: &'m Item,
}

impl Line<'_> {
    /// `Pod/shop/cart`
    pub fn subject(&self) -> String {
        let Item { kind, namespace, name, .. } = self.item;
        let place = if namespace.is_empty() { String::new() } else { format!("{namespace}/") };
        plain(&format!("{kind}/{place}{name}"))
    }

    pub fn text(&self) -> String {
        let Item { severity, rule, change, message, .. } = self.item;
        plain(&format!("{severity}: {rule} {change} on {} in {}: {message}", self.subject(), self.cluster))
    }
}

/// Names come from objects: what would move a cursor, break a line or hide is written out.
pub(crate) fn plain(text: &str) -> String {
    let hides = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if hides(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}
