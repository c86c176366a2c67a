//! What lists leave out of findings, for many of them at once: reports show it of each.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rampart_report::document::{LocationEntry, RemedyEntry, SubjectEntry, WaiverEntry};

use crate::blob;
use crate::cluster;
use crate::failure::Failure;
use crate::finding::FindingBrief;
use crate::tx::{self, Tx};
use crate::value::Value;

#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The field; empty where the whole object is meant.
    pub path: String,
    pub location: Option<LocationEntry<'static>>,
    pub value: Option<String>,
    pub excerpt: Option<String>,
    pub remedies: Vec<RemedyEntry<'static>>,
    pub waiver: Option<WaiverEntry<'static>>,
    /// The object to change, where it is not the subject.
    pub cause: Option<SubjectEntry<'static>>,
    pub due: Option<Date>,
}

/// By cluster and fingerprint. The findings come from a list, so that the caller may see them.
///
/// # Errors
/// The database fails, or evidence is damaged.
pub fn of(tx: &mut Tx<'_>, findings: &[FindingBrief]) -> Result<BTreeMap<(String, String), Evidence>, Failure> {
    let mut by_cluster: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for finding in findings {
        by_cluster.entry(&finding.cluster).or_default().push(&finding.fingerprint);
    }
    let mut all = BTreeMap::new();
    for (name, fingerprints) in by_cluster {
        let Some(id) = cluster::id_of(tx, name)? else { continue };
        for chunk in fingerprints.chunks(100) {
            let mut values = vec![Value::from(id)];
            values.extend(chunk.iter().map(|fingerprint| Value::from(*fingerprint)));
            let rows = tx.query(
                &format!(
                    "SELECT fingerprint, blob, cause_api_version, cause_kind, cause_namespace, cause_name FROM finding \
                     WHERE cluster = ?1 AND fingerprint IN ({})",
                    tx::list(2, chunk.len())
                ),
                &values,
                |row| {
                    let (fingerprint, hash): (String, String) = (row.take()?, row.take()?);
                    let cause: [Option<String>; 4] = [row.take()?, row.take()?, row.take()?, row.take()?];
                    Ok((fingerprint, hash, cause))
                },
            )?;
            for (fingerprint, hash, cause) in rows {
                let blob = blob::read(tx, id, &hash)?;
                let evidence = Evidence {
                    path: blob.path,
                    location: blob.location,
                    value: blob.value,
                    excerpt: blob.excerpt,
                    remedies: blob.remedies,
                    waiver: blob.waiver,
                    cause: subject(cause),
                    due: blob.due,
                };
                all.insert((name.to_owned(), fingerprint), evidence);
            }
        }
    }
    Ok(all)
}

fn subject(cause: [Option<String>; 4]) -> Option<SubjectEntry<'static>> {
    let [Some(api_version), Some(kind), Some(namespace), Some(name)] = cause else { return None };
    Some(SubjectEntry {
        api_version: api_version.into(),
        kind: kind.into(),
        namespace: namespace.into(),
        name: name.into(),
    })
}
