//! From what changed in a cluster to what is to be sent of it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rampart_model::Severity;

use crate::delivery::{Item, News};
use crate::failure::Failure;
use crate::glob;
use crate::route::{self, Digest, Route};
use crate::tx::Tx;
use crate::value::Value;
use crate::{json, secret};

/// More news of one evaluation than this becomes one message: a new cluster brings thousands.
const BURST: usize = 10;
/// Findings that one message names.
const NAMED: usize = 25;

/// A change of a finding, as the drift has it.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// The number of the drift entry: what makes this change different from the same one at another time.
    pub seq: i64,
    pub fingerprint: &'a str,
    /// Only `opened`, `reopened` and `unwaived` are news; others are passed over.
    pub change: &'a str,
    pub rule: &'a str,
    pub control: &'a str,
    pub severity: Severity,
    pub kind: &'a str,
    pub namespace: &'a str,
    pub name: &'a str,
    pub message: &'a str,
}

/// To be called in the transaction that writes the drift. Returns how many deliveries were written.
///
/// # Errors
/// The database refuses.
pub fn record(tx: &mut Tx<'_>, cluster: &str, events: &[Event<'_>], now: Timestamp) -> Result<u64, Failure> {
    let is_news = |event: &&Event<'_>| matches!(event.change, "opened" | "reopened" | "unwaived");
    let news: Vec<&Event<'_>> = events.iter().filter(is_news).collect();
    if news.is_empty() {
        return Ok(0);
    }
    let mut rows = Vec::new();
    for route in route::list(tx)?.into_iter().filter(|route| route.settings.enabled) {
        if !glob::any_matches(&route.settings.clusters, cluster) {
            continue;
        }
        let mut wanted: Vec<&Event<'_>> = news.iter().copied().filter(|event| is_wanted(&route, event)).collect();
        wanted.sort_by(|one, two| two.severity.cmp(&one.severity).then(one.seq.cmp(&two.seq)));
        if route.settings.digest == Digest::None && wanted.len() <= BURST {
            for event in wanted {
                rows.push(row(&route, cluster, event.fingerprint, &[event], now)?);
            }
        } else if !wanted.is_empty() {
            rows.push(row(&route, cluster, "", &wanted, now)?);
        }
    }
    tx.insert(
        "INSERT INTO delivery (id, route, cluster, fingerprint, drift_seq, at, news, summary, state, attempts, next_attempt)",
        "ON CONFLICT (route, cluster, fingerprint, drift_seq) DO NOTHING",
        &rows,
    )
}

fn is_wanted(route: &Route, event: &Event<'_>) -> bool {
    let settings = &route.settings;
    event.severity >= settings.min_severity
        && (settings.controls.is_empty() || settings.controls.iter().any(|control| control == event.control))
        && glob::any_matches(&settings.namespaces, event.namespace)
}

fn row(
    route: &Route,
    cluster: &str,
    fingerprint: &str,
    events: &[&Event<'_>],
    now: Timestamp,
) -> Result<Vec<Value<'static>>, Failure> {
    let mut counts = BTreeMap::new();
    for event in events {
        *counts.entry(event.severity.id().to_owned()).or_insert(0) += 1;
    }
    let items = events.iter().take(NAMED).map(|event| item(event)).collect();
    let total = events.len() as u64;
    let news = News { cluster: cluster.to_owned(), at: now, total, counts, items };
    let seq = events.iter().map(|event| event.seq).max().unwrap_or_default();
    Ok(vec![
        Value::from(secret::id("d")?),
        Value::from(route.id.clone()),
        Value::from(cluster.to_owned()),
        Value::from(fingerprint.to_owned()),
        Value::from(seq),
        Value::from(now),
        Value::from(json::write(&news)?),
        Value::from(summary(&news)),
        Value::from("pending"),
        Value::from(0),
        Value::from(due(route.settings.digest, now)),
    ])
}

fn item(event: &Event<'_>) -> Item {
    Item {
        fingerprint: event.fingerprint.to_owned(),
        change: event.change.to_owned(),
        rule: event.rule.to_owned(),
        control: event.control.to_owned(),
        severity: event.severity.id().to_owned(),
        kind: event.kind.to_owned(),
        namespace: event.namespace.to_owned(),
        name: event.name.to_owned(),
        message: event.message.to_owned(),
    }
}

/// One line for the list of deliveries.
fn summary(news: &News) -> String {
    match news.items.as_slice() {
        [one] if news.total == 1 => {
            let place = if one.namespace.is_empty() { String::new() } else { format!("{}/", one.namespace) };
            let Item { severity, change, rule, kind, name, .. } = one;
            format!("{severity}: {rule} {change}, {kind} {place}{name} in {}", news.cluster)
        }
        _ => format!("{} findings in {}", news.total, news.cluster),
    }
}

/// Digests go out at the full hour or at midnight, UTC.
fn due(digest: Digest, now: Timestamp) -> Timestamp {
    let window = match digest {
        Digest::None => return now,
        Digest::Hourly => 3600,
        Digest::Daily => 86400,
    };
    let rest = window - now.as_second().rem_euclid(window);
    now.saturating_add(SignedDuration::from_secs(rest)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::due;
    use crate::route::Digest;

    #[test]
    fn digests_are_due_at_the_next_full_hour_or_day() {
        let now = "2026-05-01T10:20:30Z".parse().unwrap();
        let shown = |digest| due(digest, now).to_string();
        assert_eq!(shown(Digest::None), "2026-05-01T10:20:30Z");
        assert_eq!(shown(Digest::Hourly), "2026-05-01T11:00:00Z");
        assert_eq!(shown(Digest::Daily), "2026-05-02T00:00:00Z");
    }
}
