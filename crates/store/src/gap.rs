//! What could not be seen, and what to do about it.

use rampart_model::Control;
use serde::Serialize;

use crate::failure::Failure;
use crate::grade::control_id;
use crate::page::{self, Page};
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::values;
use crate::visible::Visible;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub cluster: String,
    #[serde(serialize_with = "control_id")]
    pub control: Control,
    /// Empty where the whole control could not answer.
    pub rule: String,
    pub reason: String,
    pub remedy: String,
}

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub clusters: Vec<String>,
    pub controls: Vec<Control>,
    pub rules: Vec<String>,
}

/// Gaps are of a cluster as a whole. By cluster, then in the order of the evaluation.
///
/// # Errors
/// The cursor is none of this list, or the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Gap>, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let limit = page::bounded(limit);
    let mut sql = Sql::new(
        "SELECT c.name, g.control, g.rule, g.reason, g.remedy, g.position FROM gap g JOIN cluster c ON c.id = g.cluster \
         WHERE 1 = 1",
    );
    visible.whole(&mut sql, "g.cluster");
    sql.one_of("c.name", filter.clusters.iter().cloned());
    sql.one_of("g.control", filter.controls.iter().map(|control| control.id()));
    sql.one_of("g.rule", filter.rules.iter().cloned());
    if let Some(cursor) = cursor {
        let [cluster, position] = page::texts(cursor)?;
        sql.push(" AND (c.name, g.position) > (").bind(cluster).push(", ").bind(page::number(&position)?).push(")");
    }
    sql.push(" ORDER BY c.name, g.position LIMIT ").bind(limit + 1);
    let found = sql.query(tx, |row| {
        let gap = Gap {
            cluster: row.take()?,
            control: row.take()?,
            rule: row.take()?,
            reason: row.take()?,
            remedy: row.take()?,
        };
        Ok((gap, row.take::<i64>()?))
    })?;
    let page = Page::of(found, limit, |(gap, position)| page::cursor(&[&gap.cluster, &position.to_string()]));
    Ok(Page { items: page.items.into_iter().map(|(gap, _)| gap).collect(), next: page.next })
}

pub(crate) fn of_cluster(tx: &mut Tx<'_>, cluster: i64, name: &str) -> Result<Vec<Gap>, Failure> {
    let sql = "SELECT control, rule, reason, remedy FROM gap WHERE cluster = ?1 ORDER BY position";
    tx.query(sql, values![cluster], |row| {
        Ok(Gap {
            cluster: name.to_owned(),
            control: row.take()?,
            rule: row.take()?,
            reason: row.take()?,
            remedy: row.take()?,
        })
    })
}
