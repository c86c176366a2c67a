//! Every control against every cluster.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rampart_model::Control;
use serde::Serialize;

use crate::cluster;
use crate::control::{self, ControlState};
use crate::failure::Failure;
use crate::grade::control_id;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compliance {
    pub controls: Vec<Column>,
    pub clusters: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    #[serde(serialize_with = "control_id")]
    pub id: Control,
    pub title: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    pub name: String,
    /// In the order of the columns; none where nothing is known.
    pub cells: Vec<Option<ControlState>>,
}

/// # Errors
/// The database fails.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, now: Timestamp) -> Result<Compliance, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let mut sql = Sql::new(&format!("SELECT s.cluster, {} FROM control_state s WHERE 1 = 1", control::COLUMNS));
    visible.whole(&mut sql, "s.cluster");
    let states = sql.query(tx, |row| Ok((row.take::<i64>()?, ControlState::read(row)?)))?;
    let mut by_cluster: BTreeMap<i64, Vec<ControlState>> = BTreeMap::new();
    for (cluster, state) in states {
        by_cluster.entry(cluster).or_default().push(state);
    }
    let mut clusters = Vec::new();
    for brief in cluster::all(tx, scope, now)? {
        let found = match by_cluster.remove(&brief.id) {
            Some(found) => found,
            None if visible.sees_whole(brief.id) => Vec::new(),
            None => control::in_part(tx, &visible, Some(brief.id))?,
        };
        let cell = |id: Control| found.iter().find(|state| state.id == id).cloned();
        clusters.push(Line { name: brief.name, cells: Control::ALL.into_iter().map(cell).collect() });
    }
    let column = |id: Control| Column { id, title: id.title() };
    Ok(Compliance { controls: Control::ALL.into_iter().map(column).collect(), clusters })
}
