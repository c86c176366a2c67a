//! Fills a store with made-up findings, to measure how it answers when it is large. The database makes the rows itself,
//! which is many times as fast as taking them in; counts, days and states are then kept as ingest keeps them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rampart_model::{Control, Severity};

use crate::cluster::{self, Source};
use crate::failure::Failure;
use crate::grade::rank;
use crate::ingest::recount;
use crate::store::Store;
use crate::tx::Tx;
use crate::{rollup, values};

/// Findings on one object.
const EACH: u32 = 6;
const NAMESPACES: u32 = 40;

/// A rule as the findings name it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub id: &'static str,
    pub control: Control,
    pub severity: Severity,
}

/// `clusters` named `fill-0001`.. with so many findings each: one of twenty waived, one of fifty resolved, one of eleven
/// caused by a role. Returns how many findings were made.
///
/// # Errors
/// The database fails.
pub fn fill(store: &Store, clusters: u32, findings: u32, rules: &[Rule], now: Timestamp) -> Result<u64, Failure> {
    let mut made = 0;
    for number in 1..=clusters {
        made += store.write(|tx| fill_one(tx, &format!("fill-{number:04}"), number, findings, rules, now))?;
    }
    store.write(|tx| rollup::close(tx, now))?;
    Ok(made)
}

fn fill_one(
    tx: &mut Tx<'_>,
    name: &str,
    number: u32,
    findings: u32,
    rules: &[Rule],
    now: Timestamp,
) -> Result<u64, Failure> {
    let id = cluster::ensure(tx, name, Source::Agent, "filled", now)?;
    let list: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| format!("({at}, '{}', '{}', {})", rule.id, rule.control.id(), rank(rule.severity)))
        .collect();
    let (list, count) = (list.join(", "), rules.len());
    let sql = format!(
        "INSERT INTO finding (cluster, fingerprint, rule, control, severity, state, fixable, api_version, kind, namespace, \
         name, key, message, cause_api_version, cause_kind, cause_namespace, cause_name, waiver, digest, blob, first_seen, \
         resolved) \
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {findings}) \
         SELECT CAST(?1 AS BIGINT), '000000000000000000000' || substr(CAST(100000000000 + i AS TEXT), 2), r.column2, \
         r.column3, r.column4, CASE WHEN i % 50 = 1 THEN 2 WHEN i % 20 = 0 THEN 1 ELSE 0 END, \
         CASE WHEN i % 3 = 0 THEN 1 ELSE 0 END, 'apps/v1', CASE i / {EACH} % 3 WHEN 0 THEN 'Deployment' \
         WHEN 1 THEN 'StatefulSet' ELSE 'DaemonSet' END, 'team-' || CAST(i / {EACH} % {NAMESPACES} AS TEXT), \
         'service-' || CAST((i + {number}) / {EACH} AS TEXT), 'app', \
         'the container app of this workload runs with more rights than it needs', \
         CASE WHEN i % 11 = 0 THEN 'rbac.authorization.k8s.io/v1' END, CASE WHEN i % 11 = 0 THEN 'ClusterRole' END, \
         CASE WHEN i % 11 = 0 THEN '' END, CASE WHEN i % 11 = 0 THEN 'role-' || CAST(i % 7 AS TEXT) END, \
         CASE WHEN i % 20 = 0 AND i % 50 <> 1 THEN 'w-filled' END, '00000000000000000000000000000000', 'none', \
         CAST(?2 AS BIGINT) - CAST(i % 90 AS BIGINT) * 86400000000 - CAST((i * 7919 + {number}) % 86400 AS BIGINT) * 1000000, \
         CASE WHEN i % 50 = 1 THEN CAST(?2 AS BIGINT) END \
         FROM n JOIN (VALUES {list}) AS r ON r.column1 = (i * 7 + i / {EACH}) % {count} WHERE 1 = 1 \
         ON CONFLICT (cluster, fingerprint) DO NOTHING"
    );
    let made = tx.execute(&sql, values![id, now])?;
    tx.execute(
        "INSERT INTO drift (cluster, at, fingerprint, namespace, change) SELECT cluster, first_seen, fingerprint, namespace, \
         'opened' FROM finding WHERE cluster = ?1 AND first_seen > ?2",
        values![id, now.as_microsecond() - 86_400_000_000],
    )?;
    let mut judged = BTreeMap::new();
    for control in Control::ALL {
        let has = rules.iter().any(|rule| rule.control == control);
        judged.insert(control, (has, u8::try_from(40 + number % 50).unwrap_or(50)));
    }
    recount(tx, id, &judged)?;
    let score = 40 + number % 50;
    tx.execute(
        "UPDATE cluster SET last_seen = ?2, last_evaluation = ?2, score = ?3, coverage = 80, objects = ?4, version = 'v1.36.3' \
         WHERE id = ?1",
        values![id, now, score, findings / EACH],
    )?;
    rollup::today(tx, id, now)?;
    Ok(made)
}

#[cfg(test)]
mod tests;
