//! Which findings a waiver covers now, and which waivers cover a finding.

use crate::failure::Failure;
use crate::glob;
use crate::scope::{Scope, matches};
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;
use crate::waiver::{COLUMNS, Waiver, covered};

/// Counted one by one up to here; beyond, it is a lower bound.
const COUNTED: u64 = 10_000;

/// How many findings that are still there the waiver covers, as far as the scope shows them.
///
/// # Errors
/// The database refuses.
pub fn count(tx: &mut Tx<'_>, scope: &Scope, waiver: &Waiver) -> Result<u64, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let clusters = covered::clusters(tx, &waiver.clusters)?;
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM finding f WHERE f.state <> 2 AND ");
    sql.ids("f.cluster", &clusters);
    let parts = [
        ("f.rule", Some(&waiver.rule)),
        ("f.kind", waiver.kind.as_ref()),
        ("f.namespace", waiver.namespace.as_ref()),
        ("f.name", waiver.name.as_ref()),
        ("f.key", waiver.key.as_ref()),
    ];
    for (column, pattern) in parts {
        if let Some(pattern) = pattern {
            sql.push(" AND ");
            visible.glob(&mut sql, column, pattern);
        }
    }
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    sql.push(" LIMIT ").bind(COUNTED).push(") AS some_findings");
    Ok(sql.first(tx, |row| row.take())?.unwrap_or_default())
}

/// What a waiver may speak of.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    pub cluster: &'s str,
    pub rule: &'s str,
    pub kind: &'s str,
    pub namespace: &'s str,
    pub name: &'s str,
    pub key: &'s str,
}

impl Subject<'_> {
    fn is_covered_by(&self, waiver: &Waiver) -> bool {
        let fits =
            |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|pattern| matches(pattern, text));
        glob::any_matches(&waiver.clusters, self.cluster)
            && matches(&waiver.rule, self.rule)
            && fits(&waiver.kind, self.kind)
            && fits(&waiver.namespace, self.namespace)
            && fits(&waiver.name, self.name)
            && fits(&waiver.key, self.key)
    }
}

/// The waivers that cover one finding, whatever became of them; the newest first.
///
/// # Errors
/// The database refuses.
pub fn covering(tx: &mut Tx<'_>, scope: &Scope, subject: &Subject<'_>) -> Result<Vec<Waiver>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM waiver ORDER BY requested_at DESC, id");
    let all = tx.query(&sql, &[], Waiver::read)?;
    let is_shown = |waiver: &Waiver| subject.is_covered_by(waiver) && covered::is_seen(waiver, scope);
    Ok(all.into_iter().filter(is_shown).take(50).collect())
}
