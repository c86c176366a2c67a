//! The history as it is shown: each change with the finding that it is of.

use jiff::Timestamp;
use serde::Serialize;

use crate::drift::ChangeKind;
use crate::failure::Failure;
use crate::finding::{COLUMNS, FindingBrief, Raw, Titles, named};
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub at: Timestamp,
    pub change: ChangeKind,
    pub finding: FindingBrief,
}

/// The newest first. A change whose finding is forgotten is left out.
pub(crate) fn newest(
    tx: &mut Tx<'_>,
    visible: &Visible,
    limit: usize,
    titles: Titles<'_>,
) -> Result<Vec<Change>, Failure> {
    // Twice as many as are shown, for some findings may be forgotten; the join is over those alone.
    let mut sql = Sql::new(&format!(
        "SELECT d.at, d.change, {COLUMNS} FROM (SELECT d.seq, d.at, d.change, d.cluster, d.fingerprint FROM drift d \
         WHERE 1 = 1"
    ));
    visible.rows(&mut sql, "d.cluster", "d.namespace");
    sql.push(" ORDER BY d.seq DESC LIMIT ").bind(2 * limit);
    sql.push(") AS d JOIN finding f ON f.cluster = d.cluster AND f.fingerprint = d.fingerprint WHERE 1 = 1");
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    sql.push(" ORDER BY d.seq DESC LIMIT ").bind(limit);
    shown(tx, &sql, titles)
}

/// Of the findings that `findings` selects (a condition over `f`), the newest first.
pub(crate) fn of_findings(
    tx: &mut Tx<'_>,
    findings: impl FnOnce(&mut Sql),
    limit: usize,
    titles: Titles<'_>,
) -> Result<Vec<Change>, Failure> {
    let mut sql = Sql::new(&format!(
        "SELECT d.at, d.change, {COLUMNS} FROM finding f JOIN drift d ON d.cluster = f.cluster \
         AND d.fingerprint = f.fingerprint WHERE 1 = 1"
    ));
    findings(&mut sql);
    sql.push(" ORDER BY d.seq DESC LIMIT ").bind(limit);
    shown(tx, &sql, titles)
}

fn shown(tx: &mut Tx<'_>, sql: &Sql, titles: Titles<'_>) -> Result<Vec<Change>, Failure> {
    let rows =
        sql.query(tx, |row| Ok((row.take::<Timestamp>()?, row.take::<ChangeKind>()?, Raw::read(row, titles)?)))?;
    let mut whens = Vec::new();
    let mut raws = Vec::new();
    for (at, change, raw) in rows {
        whens.push((at, change));
        raws.push(raw);
    }
    let findings = named(tx, raws)?;
    Ok(whens.into_iter().zip(findings).map(|((at, change), finding)| Change { at, change, finding }).collect())
}
