//! What to fix first: objects whose one change removes the most, then rules that one kind of change answers everywhere.

use rampart_model::{Control, Severity};
use rampart_report::document::SubjectEntry;
use serde::Serialize;

use crate::failure::Failure;
use crate::finding::Titles;
use crate::grade::{control_id, severity_id};
use crate::ingest::weight_of;
use crate::sql::Sql;
use crate::tx::Tx;
use crate::values;
use crate::visible::Visible;

/// Of objects, and of rules.
const EACH: i64 = 5;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FixFirst {
    /// Of an object: the gravest that it answers for.
    pub rule: String,
    pub title: String,
    #[serde(serialize_with = "control_id")]
    pub control: Control,
    #[serde(serialize_with = "severity_id")]
    pub severity: Severity,
    /// The object to change; none where many are to be changed alike.
    pub cause: Option<SubjectEntry<'static>>,
    pub cluster: Option<String>,
    pub findings: u64,
    pub clusters: u64,
    pub subjects: u64,
    pub fixable: bool,
}

/// The heaviest first.
pub(super) fn list(tx: &mut Tx<'_>, visible: &Visible, titles: Titles<'_>) -> Result<Vec<FixFirst>, Failure> {
    let mut found = objects(tx, visible, titles)?;
    found.extend(rules(tx, visible, titles)?);
    Ok(found)
}

struct Root {
    cluster: i64,
    subject: SubjectEntry<'static>,
    findings: u64,
    subjects: u64,
    fixable: u64,
}

fn objects(tx: &mut Tx<'_>, visible: &Visible, titles: Titles<'_>) -> Result<Vec<FixFirst>, Failure> {
    // An object with a single finding is no cause of anything more.
    let mut sql = Sql::new(
        "SELECT r.cluster, r.api_version, r.kind, r.namespace, r.name, r.open, r.subjects, r.fixable FROM root_count r \
         WHERE r.open > 1 AND r.weight > 0",
    );
    if visible.is_of_whole_clusters() {
        visible.whole(&mut sql, "r.cluster");
    } else {
        // Counts that include what is not seen are not shown.
        sql.push(" AND r.elsewhere = 0");
        visible.rows(&mut sql, "r.cluster", "r.namespace");
    }
    sql.push(" ORDER BY 0 - r.weight, r.cluster, r.namespace, r.kind, r.name");
    sql.push(" LIMIT ").bind(EACH);
    let roots = sql.query(tx, |row| {
        Ok(Root {
            cluster: row.take()?,
            subject: SubjectEntry {
                api_version: row.take::<String>()?.into(),
                kind: row.take::<String>()?.into(),
                namespace: row.take::<String>()?.into(),
                name: row.take::<String>()?.into(),
            },
            findings: row.take()?,
            subjects: row.take()?,
            fixable: row.take()?,
        })
    })?;
    let mut found = Vec::new();
    for root in roots {
        let sql = "SELECT name FROM cluster WHERE id = ?1";
        let cluster = tx.first(sql, values![root.cluster], |row| row.take())?;
        if let Some((rule, control, severity)) = gravest(tx, visible, &root)? {
            found.push(FixFirst {
                title: titles(&rule),
                rule,
                control,
                severity,
                cause: Some(root.subject),
                cluster,
                findings: root.findings,
                clusters: 1,
                subjects: root.subjects,
                fixable: root.fixable > 0,
            });
        }
    }
    Ok(found)
}

/// Of one object, by index.
fn gravest(tx: &mut Tx<'_>, visible: &Visible, root: &Root) -> Result<Option<(String, Control, Severity)>, Failure> {
    let mut sql = Sql::new("SELECT f.rule, f.control, f.severity FROM finding f WHERE f.cluster = ");
    sql.bind(root.cluster).push(" AND f.state = 0 AND ((f.cause_kind IS NULL AND f.namespace = ");
    let texts = [&root.subject.namespace, &root.subject.kind, &root.subject.name].map(|text| text.clone().into_owned());
    let [namespace, kind, name] = texts;
    sql.bind(namespace.clone()).push(" AND f.kind = ").bind(kind.clone()).push(" AND f.name = ").bind(name.clone());
    sql.push(") OR (f.cause_kind IS NOT NULL AND f.cause_namespace = ").bind(namespace);
    sql.push(" AND f.cause_kind = ").bind(kind).push(" AND f.cause_name = ").bind(name).push("))");
    visible.rows(&mut sql, "f.cluster", "f.namespace");
    sql.push(" ORDER BY f.severity, f.rule LIMIT 1");
    sql.first(tx, |row| Ok((row.take()?, row.take()?, row.take()?)))
}

fn rules(tx: &mut Tx<'_>, visible: &Visible, titles: Titles<'_>) -> Result<Vec<FixFirst>, Failure> {
    let weight = weight_of("f.severity");
    let table = if visible.is_of_whole_clusters() { "rule_count" } else { "place_count" };
    // First within each cluster: then clusters need not be told apart again.
    let mut sql = Sql::new(&format!(
        "SELECT rule, control, MIN(severity), CAST(SUM(open) AS BIGINT), COUNT(*), CAST(SUM(subjects) AS BIGINT), \
         CAST(SUM(fixable) AS BIGINT), CAST(SUM(weight) AS BIGINT) AS weight FROM (SELECT f.rule, f.control, f.cluster, \
         MIN(f.severity) AS severity, SUM(f.open) AS open, SUM(f.subjects) AS subjects, SUM(f.fixable) AS fixable, \
         SUM(f.open * {weight}) AS weight FROM {table} f WHERE f.open > 0 AND f.severity < 4"
    ));
    if visible.is_of_whole_clusters() {
        visible.whole(&mut sql, "f.cluster");
    } else {
        visible.rows(&mut sql, "f.cluster", "f.namespace");
    }
    sql.push(
        " GROUP BY f.rule, f.control, f.cluster) AS each GROUP BY rule, control ORDER BY weight DESC, rule LIMIT ",
    );
    sql.bind(EACH);
    // What stands in the last column is asked for the order only.
    sql.query(tx, |row| {
        let rule: String = row.take()?;
        Ok(FixFirst {
            title: titles(&rule),
            rule,
            control: row.take()?,
            severity: row.take()?,
            cause: None,
            cluster: None,
            findings: row.take()?,
            clusters: row.take()?,
            subjects: row.take()?,
            fixable: row.take::<u64>()? > 0,
        })
    })
}
