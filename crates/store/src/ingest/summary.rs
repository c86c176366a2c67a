//! What an evaluation says of the cluster as a whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rampart_protocol::Summary;

use super::Home;
use crate::failure::Failure;
use crate::mirror::{Cell, Rows, Table};
use crate::tx::Tx;
use crate::{json, values};

const RULES: Table = Table { name: "rule_state", keys: &["rule"], fields: &["examined", "failed", "gaps"] };
const GAPS: Table = Table { name: "gap", keys: &["position"], fields: &["control", "rule", "reason", "remedy"] };
const NAMESPACES: Table = Table { name: "namespace", keys: &["name"], fields: &["score", "complete", "parts"] };

pub(super) struct Applied {
    pub(super) changed: bool,
    digest: Option<String>,
    /// Verdict, score, coverage and examined by control; empty where no summary came.
    pub(super) controls: BTreeMap<String, Vec<Cell>>,
}

pub(super) fn apply(tx: &mut Tx<'_>, cluster: i64, home: &Home, summary: Option<&Summary>) -> Result<Applied, Failure> {
    let digest = summary.map(|summary| summary.digest().to_string());
    let Some(summary) = summary.filter(|_| digest != home.summary_digest) else {
        return Ok(Applied { changed: false, digest: None, controls: BTreeMap::new() });
    };
    let rules = summary.rules.iter().map(|(rule, asked)| {
        (vec![rule.as_str().into()], vec![asked.examined.into(), asked.failed.into(), asked.gaps.into()])
    });
    replace(tx, cluster, &RULES, rules.collect())?;
    let gaps = summary.gaps.iter().enumerate().map(|(position, gap)| {
        let texts = [gap.control.id(), &gap.rule, &gap.reason, &gap.remedy];
        (vec![(position as u64).into()], texts.into_iter().map(Cell::from).collect())
    });
    replace(tx, cluster, &GAPS, gaps.collect())?;
    let mut namespaces = Rows::new();
    for namespace in &summary.namespaces {
        let parts = json::write(&namespace.parts)?;
        let fields = vec![namespace.score.into(), u64::from(namespace.complete).into(), parts.as_str().into()];
        namespaces.insert(vec![(&*namespace.name).into()], fields);
    }
    replace(tx, cluster, &NAMESPACES, namespaces)?;
    let control = |entry: &rampart_report::document::ControlEntry| {
        let coverage = u64::from(entry.coverage).into();
        let fields = vec![entry.verdict.id().into(), entry.score.into(), coverage, entry.examined.into()];
        (entry.id.id().to_owned(), fields)
    };
    Ok(Applied { changed: true, digest, controls: summary.controls.iter().map(control).collect() })
}

fn replace(tx: &mut Tx<'_>, cluster: i64, table: &Table, after: Rows) -> Result<(), Failure> {
    let before = table.read(tx, cluster)?;
    table.write(tx, cluster, &before, &after)?;
    Ok(())
}

/// The cluster's own row: that it was evaluated, and what came out.
pub(super) fn evaluated(
    tx: &mut Tx<'_>,
    cluster: i64,
    applied: &Applied,
    summary: Option<&Summary>,
    now: Timestamp,
) -> Result<(), Failure> {
    tx.execute(
        "UPDATE cluster SET last_seen = ?2, last_evaluation = ?2, problem = NULL WHERE id = ?1",
        values![cluster, now],
    )?;
    let Some(summary) = summary.filter(|_| applied.changed) else { return Ok(()) };
    let coverage: u64 = summary.controls.iter().map(|entry| u64::from(entry.coverage)).sum();
    let coverage = coverage.checked_div(summary.controls.len() as u64).unwrap_or(0);
    tx.execute(
        "UPDATE cluster SET version = ?2, objects = ?3, score = ?4, coverage = ?5, kinds = ?6, diagnostics = ?7, \
         summary_digest = ?8 WHERE id = ?1",
        values![
            cluster,
            summary.server_version.as_deref(),
            summary.objects,
            summary.score,
            coverage,
            json::write(&summary.kinds)?,
            json::write(&summary.diagnostics)?,
            applied.digest.as_deref()
        ],
    )?;
    Ok(())
}
