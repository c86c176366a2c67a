//! Reading waivers: what is in somebody's scope, and what holds for a cluster.

use jiff::Timestamp;

use crate::failure::Failure;
use crate::glob;
use crate::page::{self, Page};
use crate::scope::Scope;
use crate::tx::Tx;
use crate::values;
use crate::waiver::request::today;
use crate::waiver::{COLUMNS, State, Waiver, covered};

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub states: Vec<State>,
    pub rule: Option<String>,
    /// A cluster's name: waivers that cover it.
    pub cluster: Option<String>,
}

/// # Errors
/// There is no such waiver, or it covers nothing that the scope shows.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, id: &str) -> Result<Waiver, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM waiver WHERE id = ?1");
    tx.first(&sql, values![id], Waiver::read)?
        .filter(|waiver| covered::is_seen(waiver, scope))
        .ok_or_else(|| Failure::missing(format!("waiver `{}`", id.escape_debug())))
}

/// The newest first. Scopes are globs on both sides here, which no index answers: rows outside are skipped while
/// reading, a page of rows at a time.
///
/// # Errors
/// The database refuses, or the cursor is none.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Waiver>, Failure> {
    let mut position = after.map_or(Ok((i64::MAX, String::new())), parse_cursor)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM waiver WHERE (requested_at < ?1 OR (requested_at = ?1 AND id > ?2)) \
         AND (rule = ?3 OR ?3 IS NULL) ORDER BY requested_at DESC, id LIMIT ?4"
    );
    let step = limit.saturating_add(1).max(100);
    let mut found = Vec::new();
    loop {
        let rows = tx.query(&sql, values![position.0, &position.1, filter.rule.as_deref(), step], Waiver::read)?;
        let is_last = rows.len() < step;
        if let Some(last) = rows.last() {
            position = (last.requested_at.as_microsecond(), last.id.clone());
        }
        found.extend(rows.into_iter().filter(|waiver| {
            (filter.states.is_empty() || filter.states.contains(&waiver.state))
                && filter.cluster.as_deref().is_none_or(|name| glob::any_matches(&waiver.clusters, name))
                && covered::is_seen(waiver, scope)
        }));
        if is_last || found.len() > limit {
            return Ok(Page::of(found, limit, |waiver| {
                format!("{}.{}", waiver.requested_at.as_microsecond(), waiver.id)
            }));
        }
    }
}

/// What excuses findings of a cluster today: approved, covering it, not over.
///
/// # Errors
/// The database refuses.
pub fn approved_for(tx: &mut Tx<'_>, cluster: &str, now: Timestamp) -> Result<Vec<Waiver>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM waiver WHERE state = 'approved' AND expires >= ?1 ORDER BY id");
    let all = tx.query(&sql, values![today(now).to_string()], Waiver::read)?;
    Ok(all.into_iter().filter(|waiver| glob::any_matches(&waiver.clusters, cluster)).collect())
}

fn parse_cursor(cursor: &str) -> Result<(i64, String), Failure> {
    let (at, id) = cursor.split_once('.').ok_or_else(page::bad_cursor)?;
    Ok((at.parse().map_err(|_| page::bad_cursor())?, id.to_owned()))
}
