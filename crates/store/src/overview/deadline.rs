//! What comes to its end soon: waivers, and whatever findings know a day of, such as certificates and releases.

use jiff::{SignedDuration, Timestamp};
use rampart_model::Control;
use serde::Serialize;

use crate::failure::Failure;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;
use crate::{page, rollup, waiver};

const MOST: usize = 20;
/// Days that a waiver's end is announced before. Of findings their rules know best.
const NOTICE: i64 = 30;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadline {
    pub kind: &'static str,
    pub title: String,
    /// A day, such as `2026-06-30`.
    pub at: String,
    pub cluster: Option<String>,
    pub link: Option<String>,
}

/// The nearest first. What is past is no deadline but a finding, or a waiver that has ended.
///
/// # Errors
/// The database fails.
pub(super) fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    visible: &Visible,
    now: Timestamp,
) -> Result<Vec<Deadline>, Failure> {
    let mut all = waivers(tx, scope, now)?;
    all.extend(findings(tx, visible, now)?);
    all.sort_by(|one, two| (&one.at, one.kind, &one.title).cmp(&(&two.at, two.kind, &two.title)));
    all.truncate(MOST);
    Ok(all)
}

fn findings(tx: &mut Tx<'_>, visible: &Visible, now: Timestamp) -> Result<Vec<Deadline>, Failure> {
    let mut sql = Sql::new(
        "SELECT c.name, f.fingerprint, f.control, f.message, f.due FROM finding f JOIN cluster c ON c.id = f.cluster \
         WHERE f.due IS NOT NULL AND f.state = 0 AND f.due >= ",
    );
    sql.bind(rollup::day_of(now).to_string());
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    sql.push(&format!(" ORDER BY f.due, c.name, f.fingerprint LIMIT {MOST}"));
    sql.query(tx, |row| {
        let (cluster, fingerprint): (String, String) = (row.take()?, row.take()?);
        let kind = match row.take::<Control>()? {
            Control::Certificates => "certificate",
            Control::Upgrades => "end_of_life",
            _ => "other",
        };
        let (title, at) = (row.take()?, row.take()?);
        let link = Some(format!("/findings/{cluster}/{fingerprint}"));
        Ok(Deadline { kind, title, at, cluster: Some(cluster), link })
    })
}

fn waivers(tx: &mut Tx<'_>, scope: &Scope, now: Timestamp) -> Result<Vec<Deadline>, Failure> {
    let filter = waiver::read::Filter { states: vec![waiver::State::Approved], ..Default::default() };
    let until = rollup::day_of(now.saturating_add(SignedDuration::from_hours(24 * NOTICE)).unwrap_or(now));
    let mut found = waiver::read::list(tx, scope, &filter, None, page::LARGEST)?.items;
    found.retain(|waiver| waiver.expires <= until);
    let deadline = |waiver: waiver::Waiver| Deadline {
        kind: "waiver",
        title: format!("Waiver of {} by {} ends", waiver.rule, waiver.owner),
        at: waiver.expires.to_string(),
        cluster: match waiver.clusters.as_slice() {
            [one] if !one.contains(['*', '?']) => Some(one.clone()),
            _ => None,
        },
        link: Some(format!("/waivers?id={}", waiver.id)),
    };
    Ok(found.into_iter().map(deadline).collect())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rampart_protocol::Batch;

    use crate::contract::{cluster, on_each};
    use crate::sample::{Spec, state};
    use crate::scope::Scope;
    use crate::{Store, overview};

    fn titles(store: &Store, now: &str) -> Vec<(String, String)> {
        let now: Timestamp = now.parse().unwrap();
        let home = store.read(|tx| overview::get(tx, &Scope::all(), now, &|rule: &str| rule.to_owned())).unwrap();
        home.deadlines.into_iter().map(|deadline| (deadline.at, deadline.link.unwrap())).collect()
    }

    #[test]
    fn what_findings_know_a_day_of_is_due_until_then_and_while_they_are_open() {
        let spec = |place, waived| Spec { rule: 3, place, word: 0, waived };
        on_each(|store| {
            let id = cluster(store, "shop");
            let all = state(&[spec(1, false), spec(0, false), spec(2, true), Spec { rule: 0, ..spec(4, false) }]);
            let batch = Batch { epoch: "e".into(), sequence: 1, ..Batch::between(None, &all) };
            store.ingest(id, &batch, "2026-05-01T10:00:00Z".parse().unwrap()).unwrap();
            let link = |place: u8| format!("/findings/shop/03{place:030x}");
            let day = |day: &str, place| (day.to_owned(), link(place));
            assert_eq!(titles(store, "2026-06-01T23:00:00Z"), [day("2026-06-01", 0), day("2026-06-02", 1)]);
            assert_eq!(titles(store, "2026-06-02T01:00:00Z"), [day("2026-06-02", 1)]);
            let less =
                Batch { epoch: "e".into(), sequence: 2, ..Batch::between(Some(&all), &state(&[spec(0, false)])) };
            store.ingest(id, &less, "2026-05-02T10:00:00Z".parse().unwrap()).unwrap();
            assert_eq!(titles(store, "2026-06-02T01:00:00Z"), []);
        });
    }
}
