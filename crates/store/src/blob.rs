//! What is shown of one finding only, kept apart from the columns that lists and counts read: compressed, and named by
//! the hash of its content, so that equal ones of a cluster are stored once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rampart_protocol::Record;
use rampart_report::document::{LocationEntry, RemedyEntry, WaiverEntry};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::tx::Tx;
use crate::{hex, json, values};

/// Larger than any finding; a damaged length must not take the memory.
const LARGEST: usize = 64 << 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Blob {
    pub(crate) path: String,
    pub(crate) location: Option<LocationEntry<'static>>,
    pub(crate) value: Option<String>,
    pub(crate) excerpt: Option<String>,
    pub(crate) remedies: Vec<RemedyEntry<'static>>,
    pub(crate) waiver: Option<WaiverEntry<'static>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Date>,
}

/// Blobs of a batch by hash.
#[derive(Default)]
pub(crate) struct Pending {
    by_hash: BTreeMap<String, Vec<u8>>,
}

impl Pending {
    /// Returns the hash.
    pub(crate) fn add(&mut self, record: &Record) -> Result<String, Failure> {
        let finding = &record.finding;
        let blob = Blob {
            path: finding.path.clone().into_owned(),
            location: finding.location.clone(),
            value: finding.value.as_ref().map(|value| value.clone().into_owned()),
            excerpt: finding.excerpt.as_ref().map(|excerpt| excerpt.clone().into_owned()),
            remedies: finding.remedies.clone(),
            waiver: record.waiver.clone(),
            due: finding.due,
        };
        let text = json::write(&blob)?;
        let hash: String = hex::sha256(text.as_bytes()).chars().take(40).collect();
        if !self.by_hash.contains_key(&hash) {
            let bytes = zstd::bulk::compress(text.as_bytes(), 3)
                .map_err(|error| Failure::other(format!("cannot compress evidence: {error}")))?;
            self.by_hash.insert(hash.clone(), bytes);
        }
        Ok(hash)
    }

    pub(crate) fn write(self, tx: &mut Tx<'_>, cluster: i64) -> Result<u64, Failure> {
        let rows: Vec<_> =
            self.by_hash.iter().map(|(hash, bytes)| values![cluster, hash, bytes.as_slice()].to_vec()).collect();
        tx.insert("INSERT INTO blob (cluster, hash, bytes)", "ON CONFLICT (cluster, hash) DO NOTHING", &rows)
    }
}

pub(crate) fn read(tx: &mut Tx<'_>, cluster: i64, hash: &str) -> Result<Blob, Failure> {
    let sql = "SELECT bytes FROM blob WHERE cluster = ?1 AND hash = ?2";
    let bytes: Option<Vec<u8>> = tx.first(sql, values![cluster, hash], |row| row.take())?;
    let bytes = bytes
        .ok_or_else(|| Failure::corrupt("the evidence of a finding is lost: restore the database from a backup"))?;
    let text = zstd::bulk::decompress(&bytes, LARGEST).ok().and_then(|text| String::from_utf8(text).ok());
    json::read(
        &text.ok_or_else(|| {
            Failure::corrupt("the evidence of a finding is damaged: restore the database from a backup")
        })?,
    )
}
