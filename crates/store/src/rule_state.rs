//! What each rule did, over clusters: what frameworks are answered from.

use std::collections::BTreeMap;

use rampart_model::Verdict;

use crate::failure::Failure;
use crate::scope::Scope;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::visible::Visible;

/// Sums over the clusters that are seen as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleState {
    /// Clusters that were asked.
    pub clusters: u64,
    pub examined: u64,
    pub failed: u64,
    pub gaps: u64,
    /// Open findings.
    pub open: u64,
}

impl RuleState {
    /// A rule that could not see everything, or had nothing to see, does not pass.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self { open: 1.., .. } | Self { failed: 1.., .. } => Verdict::Fail,
            Self { gaps: 0, examined: 1.., .. } => Verdict::Pass,
            _ => Verdict::Unknown,
        }
    }
}

/// By rule. `cluster` narrows it to one.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, cluster: Option<i64>) -> Result<BTreeMap<String, RuleState>, Failure> {
    let visible = Visible::resolve(tx, scope)?;
    let mut states: BTreeMap<String, RuleState> = BTreeMap::new();
    let narrowed = |head: &str| {
        let mut sql = Sql::new(head);
        if let Some(cluster) = cluster {
            sql.push(" AND r.cluster = ").bind(cluster);
        }
        visible.whole(&mut sql, "r.cluster");
        sql.push(" GROUP BY r.rule");
        sql
    };
    let asked = narrowed(
        "SELECT r.rule, COUNT(*), CAST(SUM(r.examined) AS BIGINT), CAST(SUM(r.failed) AS BIGINT), \
         CAST(SUM(r.gaps) AS BIGINT) FROM rule_state r WHERE 1 = 1",
    );
    for (rule, state) in asked.query(tx, |row| {
        let rule: String = row.take()?;
        let (clusters, examined, failed, gaps) = (row.take()?, row.take()?, row.take()?, row.take()?);
        Ok((rule, RuleState { clusters, examined, failed, gaps, open: 0 }))
    })? {
        states.insert(rule, state);
    }
    let open = narrowed("SELECT r.rule, CAST(SUM(r.open) AS BIGINT) FROM rule_count r WHERE r.open > 0");
    for (rule, open) in open.query(tx, |row| Ok((row.take::<String>()?, row.take::<u64>()?)))? {
        states.entry(rule).or_default().open = open;
    }
    Ok(states)
}
