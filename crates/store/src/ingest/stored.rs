//! What is stored of a finding, as far as a batch can change it.

use rampart_protocol::Digest;

use crate::failure::Failure;
use crate::grade::State;
use crate::row::Row;
use crate::sql::in_parts;
use crate::tx::Tx;
use crate::value::Value;
use crate::values;

#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) fingerprint: String,
    pub(super) rule: String,
    pub(super) state: State,
    pub(super) namespace: String,
    pub(super) cause_namespace: Option<String>,
    digest: String,
}

const COLUMNS: &str = "fingerprint, rule, state, namespace, cause_namespace, digest";

impl Stored {
    fn read(row: &mut Row) -> Result<Self, Failure> {
        Ok(Self {
            fingerprint: row.take()?,
            rule: row.take()?,
            state: row.take()?,
            namespace: row.take()?,
            cause_namespace: row.take()?,
            digest: row.take()?,
        })
    }

    pub(super) fn digest(&self) -> Result<Digest, Failure> {
        self.digest.parse().map_err(|error| Failure::corrupt(format!("a stored digest is damaged: {error}")))
    }

    pub(super) fn by_fingerprint(tx: &mut Tx<'_>, cluster: i64, fingerprints: &[String]) -> Result<Vec<Self>, Failure> {
        in_parts(fingerprints, |list, part| {
            let sql = format!("SELECT {COLUMNS} FROM finding WHERE cluster = ?1 AND fingerprint IN ({list})");
            let values: Vec<Value<'_>> =
                [Value::from(cluster)].into_iter().chain(part.iter().map(Value::from)).collect();
            tx.query(&sql, &values, Self::read)
        })
    }

    /// What is not resolved of a rule.
    pub(super) fn of_rule(tx: &mut Tx<'_>, cluster: i64, rule: &str) -> Result<Vec<Self>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM finding WHERE cluster = ?1 AND rule = ?2 AND state <> 2");
        tx.query(&sql, values![cluster, rule], Self::read)
    }
}
