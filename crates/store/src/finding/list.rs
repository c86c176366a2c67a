//! Findings page by page, however many there are: each page begins where the last one ended, by the key of the order.

use std::cmp::Ordering;

use rampart_model::Severity;
use serde::{Deserialize, Serialize};

use super::filter::Resolved;
use super::{COLUMNS, Filter, FindingBrief, Raw, Titles, named};
use crate::failure::Failure;
use crate::grade::{State, rank};
use crate::page;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

/// Findings that are counted one by one where no count is kept; beyond, the total is a lower bound.
const COUNTED: u64 = 10_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The gravest first.
    #[default]
    Severity,
    /// Seen first most recently.
    Newest,
    Oldest,
    /// By cluster and object.
    Subject,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    pub items: Vec<FindingBrief>,
    pub next: Option<String>,
    pub total: u64,
    /// False where there are more than `total`.
    pub total_is_exact: bool,
}

impl Sort {
    /// The columns that order the list; together they are unique.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Severity => &["f.severity", "f.cluster", "f.fingerprint"],
            Self::Newest | Self::Oldest => &["f.first_seen", "f.cluster", "f.fingerprint"],
            Self::Subject => &["f.cluster", "f.namespace", "f.kind", "f.name", "f.fingerprint"],
        }
    }

    fn descends(self) -> bool {
        self == Self::Newest
    }

    fn id(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Subject => "subject",
        }
    }

    fn key(self, raw: &Raw) -> Vec<String> {
        let Raw { cluster, brief } = raw;
        let (cluster, fingerprint) = (cluster.to_string(), brief.fingerprint.clone());
        match self {
            Self::Severity => vec![rank(brief.severity).to_string(), cluster, fingerprint],
            Self::Newest | Self::Oldest => vec![brief.first_seen.as_microsecond().to_string(), cluster, fingerprint],
            Self::Subject => {
                let texts = [&brief.subject.namespace, &brief.subject.kind, &brief.subject.name];
                let mut key = vec![cluster];
                key.extend(texts.map(|text| text.clone().into_owned()));
                key.push(fingerprint);
                key
            }
        }
    }

    fn compare(self, one: &Raw, two: &Raw) -> Ordering {
        let order = match self {
            Self::Severity => (rank(one.brief.severity), one.cluster, &one.brief.fingerprint).cmp(&(
                rank(two.brief.severity),
                two.cluster,
                &two.brief.fingerprint,
            )),
            Self::Newest | Self::Oldest => (one.brief.first_seen, one.cluster, &one.brief.fingerprint).cmp(&(
                two.brief.first_seen,
                two.cluster,
                &two.brief.fingerprint,
            )),
            Self::Subject => {
                let key = |raw: &Raw| {
                    let subject = raw.brief.subject.clone();
                    (raw.cluster, subject.namespace, subject.kind, subject.name, raw.brief.fingerprint.clone())
                };
                key(one).cmp(&key(two))
            }
        };
        if self.descends() { order.reverse() } else { order }
    }
}

/// # Errors
/// The cursor is none of this list, or the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&str>,
    limit: usize,
    titles: Titles<'_>,
) -> Result<Findings, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let resolved = filter.resolve(tx)?;
    let limit = page::bounded(limit);
    let after = cursor.map(|cursor| position(sort, cursor)).transpose()?;
    let mut found = Vec::new();
    // An index gives its order for one state and one severity at a time; what they give is merged.
    let mut filled = None;
    for (severity, state) in slices(filter, possible(tx, &resolved, sort)?) {
        // Nothing that is less grave comes before what fills the page.
        if filled.is_some_and(|filled| filled != severity) {
            break;
        }
        let mut sql = Sql::new(&format!("SELECT {COLUMNS} FROM finding f WHERE f.state = "));
        sql.bind(state);
        if let Some(severity) = severity {
            sql.push(" AND f.severity = ").bind(severity);
        }
        resolved.rest(&mut sql);
        visible.rows(&mut sql, "f.cluster", "f.namespace");
        if let Some(after) = &after {
            let columns = sort.columns().join(", ");
            sql.push(&format!(" AND ({columns}) {} (", if sort.descends() { "<" } else { ">" }));
            for (at, (column, part)) in sort.columns().iter().zip(after).enumerate() {
                sql.push(if at == 0 { "" } else { ", " });
                match *column {
                    "f.severity" | "f.cluster" | "f.first_seen" => sql.bind(page::number(part)?),
                    _ => sql.bind(part.clone()),
                };
            }
            sql.push(")");
        }
        let direction = if sort.descends() { " DESC" } else { "" };
        let order: Vec<String> = sort.columns().iter().map(|column| format!("{column}{direction}")).collect();
        sql.push(" ORDER BY ").push(&order.join(", ")).push(" LIMIT ").bind(limit + 1);
        found.extend(sql.query(tx, |row| Raw::read(row, titles))?);
        if sort == Sort::Severity && found.len() > limit {
            filled = Some(severity);
        }
    }
    found.sort_by(|one, two| sort.compare(one, two));
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let next = found.last().filter(|_| !is_last).map(|raw| {
        let key = sort.key(raw);
        let parts: Vec<&str> = std::iter::once(sort.id()).chain(key.iter().map(String::as_str)).collect();
        page::cursor(&parts)
    });
    // The first page, where it is the only one, has been counted.
    let (total, total_is_exact) = match (cursor, &next) {
        (None, None) => (found.len() as u64, true),
        _ => total(tx, &visible, &resolved)?,
    };
    Ok(Findings { items: named(tx, found)?, next, total, total_is_exact })
}

/// The gravest first.
fn slices(filter: &Filter, possible: Option<Vec<Severity>>) -> Vec<(Option<Severity>, State)> {
    let severities: Vec<Option<Severity>> = match (filter.severities.as_slice(), possible) {
        (_, Some(possible)) => Severity::ALL.into_iter().filter(|one| possible.contains(one)).map(Some).collect(),
        ([], None) => vec![None],
        (some, None) => Severity::ALL.into_iter().filter(|severity| some.contains(severity)).map(Some).collect(),
    };
    let states = filter.states();
    severities.into_iter().flat_map(|severity| states.iter().map(move |state| (severity, *state))).collect()
}

/// Severities of which the counts know a finding, so that the index over severities is not searched in vain. None where
/// the counts cannot say, or need not be asked.
fn possible(tx: &mut Tx<'_>, resolved: &Resolved<'_>, sort: Sort) -> Result<Option<Vec<Severity>>, Failure> {
    let Filter { kinds, fixable, .. } = resolved.filter;
    if sort != Sort::Severity || !resolved.fits_rule_count() || (kinds.is_empty() && fixable.is_none()) {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT DISTINCT f.severity FROM rule_count f WHERE 1 = 1");
    resolved.counted(&mut sql);
    if resolved.filter.is_of_open() {
        sql.push(match fixable {
            Some(true) => " AND f.fixable > 0",
            Some(false) => " AND f.open > f.fixable",
            None => " AND f.open > 0",
        });
    }
    sql.query(tx, |row| row.take()).map(Some)
}

fn position(sort: Sort, cursor: &str) -> Result<Vec<String>, Failure> {
    let parts = match sort {
        Sort::Subject => page::texts::<6>(cursor)?.to_vec(),
        _ => page::texts::<4>(cursor)?.to_vec(),
    };
    match parts.split_first() {
        Some((id, rest)) if id == sort.id() => Ok(rest.to_vec()),
        _ => Err(page::bad_cursor()),
    }
}

/// How many there are, and whether that is all.
pub(crate) fn total(tx: &mut Tx<'_>, visible: &Visible, resolved: &Resolved<'_>) -> Result<(u64, bool), Failure> {
    let filter = resolved.filter;
    let is_kept = filter.fixable.is_none() || filter.is_of_open();
    if visible.is_of_whole_clusters() && resolved.fits_rule_count() && is_kept {
        let measure = |state: &State| match (state, filter.fixable) {
            (State::Open, None) => "f.open",
            (State::Open, Some(true)) => "f.fixable",
            (State::Open, Some(false)) => "f.open - f.fixable",
            (State::Waived, _) => "f.waived",
            (State::Resolved, _) => "f.resolved",
        };
        let measures: Vec<&str> = filter.states().iter().map(measure).collect();
        let sum =
            format!("SELECT CAST(COALESCE(SUM({}), 0) AS BIGINT) FROM rule_count f WHERE 1 = 1", measures.join(" + "));
        let mut sql = Sql::new(&sum);
        resolved.counted(&mut sql);
        visible.whole(&mut sql, "f.cluster");
        return Ok((sql.first(tx, |row| row.take())?.unwrap_or(0), true));
    }
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM finding f WHERE 1 = 1");
    resolved.all(&mut sql);
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    sql.push(" LIMIT ").bind(COUNTED + 1).push(") AS some_findings");
    let counted: u64 = sql.first(tx, |row| row.take())?.unwrap_or(0);
    Ok((counted.min(COUNTED), counted <= COUNTED))
}
