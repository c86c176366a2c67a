//! Keeps the counts: of what a batch touched they are made anew, so that no error can add up.

use std::collections::{BTreeMap, BTreeSet};

use rampart_model::{Control, Severity, Verdict};

use super::Transition;
use super::summary::Applied;
use crate::failure::Failure;
use crate::grade::rank;
use crate::mirror::{Cell, Rows, Table};
use crate::sql::in_parts;
use crate::tx::Tx;
use crate::value::Value;
use crate::values;

pub(crate) const RULES: Table = Table {
    name: "rule_count",
    keys: &["rule", "control", "severity", "kind"],
    fields: &["open", "waived", "resolved", "fixable", "subjects"],
};
pub(crate) const NAMESPACES: Table =
    Table { name: "namespace_count", keys: &["namespace", "severity"], fields: &["open", "fixable", "subjects"] };
const PLACES: Table = Table {
    name: "place_count",
    keys: &["namespace", "rule", "control", "severity"],
    fields: &["open", "fixable", "subjects"],
};
const CONTROLS: Table = Table {
    name: "control_state",
    keys: &["control"],
    fields: &["verdict", "score", "coverage", "examined", "critical", "high", "medium", "low", "info"],
};
const ROOTS: Table = Table {
    name: "root_count",
    keys: &["namespace", "kind", "name"],
    fields: &["api_version", "severity", "open", "fixable", "subjects", "weight", "elsewhere"],
};

pub(super) fn update(
    tx: &mut Tx<'_>,
    cluster: i64,
    transitions: &[Transition<'_>],
    summary: &Applied,
) -> Result<(), Failure> {
    by_rule(tx, cluster, &distinct(transitions.iter().flat_map(Transition::rules)))?;
    by_namespace(tx, cluster, &distinct(transitions.iter().flat_map(Transition::namespaces)))?;
    by_root(tx, cluster, &root_namespaces(transitions))?;
    totals(tx, cluster, &summary.controls)
}

fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    texts.collect::<BTreeSet<&str>>().into_iter().map(str::to_owned).collect()
}

pub(crate) fn by_rule(tx: &mut Tx<'_>, cluster: i64, rules: &[String]) -> Result<(), Failure> {
    let before = RULES.read_some(tx, cluster, rules)?;
    let counted = "SELECT rule, control, severity, kind, \
         CAST(SUM(CASE state WHEN 0 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE state WHEN 1 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE state WHEN 2 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE state WHEN 0 THEN fixable ELSE 0 END) AS BIGINT), \
         COUNT(DISTINCT CASE state WHEN 0 THEN namespace || '/' || name END) \
         FROM finding WHERE cluster = ?1 AND rule";
    let after = count(tx, cluster, &RULES, counted, "GROUP BY rule, control, severity, kind", rules)?;
    RULES.write(tx, cluster, &before, &after)?;
    Ok(())
}

pub(crate) fn by_namespace(tx: &mut Tx<'_>, cluster: i64, namespaces: &[String]) -> Result<(), Failure> {
    let before = NAMESPACES.read_some(tx, cluster, namespaces)?;
    let counted = "SELECT namespace, severity, COUNT(*), CAST(SUM(fixable) AS BIGINT), \
         COUNT(DISTINCT rule || ' ' || kind || '/' || name) FROM finding WHERE state = 0 AND cluster = ?1 AND namespace";
    let after = count(tx, cluster, &NAMESPACES, counted, "GROUP BY namespace, severity", namespaces)?;
    NAMESPACES.write(tx, cluster, &before, &after)?;
    let before = PLACES.read_some(tx, cluster, namespaces)?;
    let counted = "SELECT namespace, rule, control, severity, COUNT(*), CAST(SUM(fixable) AS BIGINT), \
         COUNT(DISTINCT kind || '/' || name) FROM finding WHERE state = 0 AND cluster = ?1 AND namespace";
    let after = count(tx, cluster, &PLACES, counted, "GROUP BY namespace, rule, control, severity", namespaces)?;
    PLACES.write(tx, cluster, &before, &after)?;
    Ok(())
}

fn count(
    tx: &mut Tx<'_>,
    cluster: i64,
    table: &Table,
    head: &str,
    tail: &str,
    firsts: &[String],
) -> Result<Rows, Failure> {
    let rows = in_parts(firsts, |list, part| {
        let values: Vec<Value<'_>> = [Value::from(cluster)].into_iter().chain(part.iter().map(Value::from)).collect();
        tx.query(&format!("{head} IN ({list}) {tail}"), &values, |row| table.row(row))
    })?;
    Ok(rows.into_iter().collect())
}

/// An object answers for its own findings that have no other cause, and for those that it causes elsewhere.
pub(crate) fn by_root(tx: &mut Tx<'_>, cluster: i64, namespaces: &[String]) -> Result<(), Failure> {
    let before = ROOTS.read_some(tx, cluster, namespaces)?;
    let weight = weight_of("severity");
    let rows = in_parts(namespaces, |list, part| {
        let columns = "namespace AS place, severity, fixable, kind || '/' || namespace || '/' || name AS subject";
        let sql = format!(
            "SELECT root_namespace, root_kind, root_name, MIN(root_api_version), MIN(severity), COUNT(*), \
             CAST(SUM(fixable) AS BIGINT), COUNT(DISTINCT subject), CAST(SUM({weight}) AS BIGINT), \
             CAST(SUM(CASE WHEN place = root_namespace THEN 0 ELSE 1 END) AS BIGINT) FROM (\
             SELECT namespace AS root_namespace, kind AS root_kind, name AS root_name, api_version AS root_api_version, \
             {columns} FROM finding WHERE cluster = ?1 AND state = 0 AND cause_kind IS NULL AND namespace IN ({list}) \
             UNION ALL SELECT cause_namespace, cause_kind, cause_name, cause_api_version, {columns} FROM finding \
             WHERE cluster = ?1 AND state = 0 AND cause_kind IS NOT NULL AND cause_namespace IN ({list})) AS roots \
             GROUP BY root_namespace, root_kind, root_name"
        );
        let values: Vec<Value<'_>> = [Value::from(cluster)].into_iter().chain(part.iter().map(Value::from)).collect();
        tx.query(&sql, &values, |row| ROOTS.row(row))
    })?;
    ROOTS.write(tx, cluster, &before, &rows.into_iter().collect())?;
    Ok(())
}

/// What a finding of the severity in this column weighs.
pub(crate) fn weight_of(column: &str) -> String {
    let cases: Vec<String> = Severity::ALL
        .into_iter()
        .map(|severity| format!("WHEN {} THEN {}", rank(severity), severity.weight()))
        .collect();
    format!("CASE {column} {} END", cases.join(" "))
}

fn root_namespaces(transitions: &[Transition<'_>]) -> Vec<String> {
    let mut namespaces = BTreeSet::new();
    for transition in transitions {
        if let Some(stored) = &transition.before {
            namespaces.insert(stored.cause_namespace.as_ref().unwrap_or(&stored.namespace).clone());
        }
        if let Some(new) = &transition.after {
            namespaces.insert(new.record.finding.root().namespace.clone().into_owned());
        }
    }
    namespaces.into_iter().collect()
}

/// All counts of a cluster; `judged` says which controls were looked at, and their score.
pub(crate) fn recount(tx: &mut Tx<'_>, cluster: i64, judged: &BTreeMap<Control, (bool, u8)>) -> Result<(), Failure> {
    let texts = |tx: &mut Tx<'_>, sql: &str| tx.query(sql, values![cluster], |row| row.take::<String>());
    let rules = texts(tx, "SELECT DISTINCT rule FROM finding WHERE cluster = ?1")?;
    by_rule(tx, cluster, &rules)?;
    let mut namespaces = texts(tx, "SELECT DISTINCT namespace FROM finding WHERE cluster = ?1")?;
    by_namespace(tx, cluster, &namespaces)?;
    let of_causes = "SELECT DISTINCT cause_namespace FROM finding WHERE cluster = ?1 AND cause_kind IS NOT NULL";
    namespaces.extend(texts(tx, of_causes)?);
    namespaces.sort_unstable();
    namespaces.dedup();
    by_root(tx, cluster, &namespaces)?;
    let controls = judged.iter().map(|(control, (is_seen, score))| {
        let verdict = if *is_seen { Verdict::Fail } else { Verdict::Unknown };
        let score = is_seen.then_some(*score);
        (control.id().to_owned(), vec![verdict.id().into(), score.into(), 80_u64.into(), 100_u64.into()])
    });
    totals(tx, cluster, &controls.collect())
}

/// The cluster's and the controls' counts follow from those by rule.
pub(crate) fn totals(tx: &mut Tx<'_>, cluster: i64, summary: &BTreeMap<String, Vec<Cell>>) -> Result<(), Failure> {
    let sql = "SELECT control, severity, CAST(SUM(open) AS BIGINT) FROM rule_count WHERE cluster = ?1 \
         GROUP BY control, severity";
    let sums = tx.query(sql, values![cluster], |row| {
        Ok((row.take::<Control>()?, row.take::<Severity>()?, row.take::<u64>()?))
    })?;
    let before = CONTROLS.read(tx, cluster)?;
    let mut after = Rows::new();
    for control in Control::ALL {
        let key = vec![Cell::from(control.id())];
        let counts = Severity::ALL.map(|severity| {
            let of = sums.iter().filter(|sum| sum.0 == control && sum.1 == severity);
            of.map(|sum| sum.2).sum::<u64>()
        });
        let judged = match (summary.get(control.id()), before.get(&key)) {
            (Some(judged), _) => Some(judged.clone()),
            (None, Some(known)) => Some(known.iter().take(4).cloned().collect()),
            (None, None) => None,
        };
        let unjudged = || vec![Verdict::Unknown.id().into(), Cell::Null, Cell::Int(0), Cell::Int(0)];
        if judged.is_some() || counts.iter().any(|count| *count > 0) {
            let fields = judged.unwrap_or_else(unjudged).into_iter().chain(counts.map(Cell::from));
            after.insert(key, fields.collect());
        }
    }
    CONTROLS.write(tx, cluster, &before, &after)?;
    let total = |severity: Severity| sums.iter().filter(|sum| sum.1 == severity).map(|sum| sum.2).sum::<u64>();
    let [critical, high, medium, low, info] = Severity::ALL.map(total);
    tx.execute(
        "UPDATE cluster SET critical = ?2, high = ?3, medium = ?4, low = ?5, info = ?6 WHERE id = ?1 \
         AND (critical <> ?2 OR high <> ?3 OR medium <> ?4 OR low <> ?5 OR info <> ?6)",
        values![cluster, critical, high, medium, low, info],
    )?;
    Ok(())
}
