//! Walks the trail from its first entry and names the first one that is not as it was written.

use serde::Serialize;

use crate::audit::chain::{GENESIS, Link};
use crate::failure::Failure;
use crate::tx::Tx;
use crate::values;

/// Entries held at once.
const STEP: u64 = 2000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// How many are as they were written, from the first on.
    pub entries: u64,
    pub intact: bool,
    pub broken_at: Option<u64>,
    /// The hash of the last entry: noted elsewhere, it shows later that nothing before it was replaced.
    #[serde(skip)]
    pub head: Option<String>,
    /// What is wrong there, for a person.
    #[serde(skip)]
    pub problem: Option<String>,
}

struct Stored {
    seq: u64,
    at: i64,
    texts: [String; 5],
    previous: String,
    hash: String,
}

/// In one reading transaction, so that entries written meanwhile do not matter.
///
/// # Errors
/// The database refuses. A broken trail is no error but the answer.
pub fn verify(tx: &mut Tx<'_>) -> Result<Verified, Failure> {
    let (mut known, mut previous) = (0u64, GENESIS.to_owned());
    let broken = |entries: u64, seq: u64, problem: String| Verified {
        entries,
        intact: false,
        broken_at: Some(seq),
        head: None,
        problem: Some(problem),
    };
    loop {
        let step = tx.query(
            "SELECT seq, at, actor, action, object, outcome, detail, previous, hash FROM audit \
             WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            values![known, STEP],
            |row| {
                let (seq, at) = (row.take()?, row.take()?);
                let texts = [row.take()?, row.take()?, row.take()?, row.take()?, row.take()?];
                Ok(Stored { seq, at, texts, previous: row.take()?, hash: row.take()? })
            },
        )?;
        if step.is_empty() {
            break;
        }
        for entry in step {
            if entry.seq != known + 1 {
                return Ok(broken(known, known + 1, "it is missing".to_owned()));
            }
            if entry.previous != previous {
                return Ok(broken(known, entry.seq, "it does not follow the entry before it".to_owned()));
            }
            let [actor, action, object, outcome, detail] = &entry.texts;
            let link = Link {
                seq: entry.seq,
                at: entry.at,
                actor,
                action,
                object,
                outcome,
                detail,
                previous: &entry.previous,
            };
            if link.hash() != entry.hash {
                return Ok(broken(known, entry.seq, "its content was changed".to_owned()));
            }
            known = entry.seq;
            previous = entry.hash;
        }
    }
    let head = tx.first("SELECT seq, hash FROM audit_head WHERE id = 1", values![], |row| {
        Ok((row.take::<u64>()?, row.take::<String>()?))
    })?;
    Ok(match head {
        Some((seq, hash)) if seq == known && hash == previous => {
            Verified { entries: known, intact: true, broken_at: None, head: Some(hash), problem: None }
        }
        Some((seq, _)) if seq > known => broken(known, known + 1, format!("it is missing, and so are all up to {seq}")),
        _ => broken(known, known, "it is not what was written last".to_owned()),
    })
}

/// The hash of one entry; none where there is no such entry.
///
/// # Errors
/// The database refuses.
pub fn hash_of(tx: &mut Tx<'_>, seq: u64) -> Result<Option<String>, Failure> {
    tx.first("SELECT hash FROM audit WHERE seq = ?1", values![seq], |row| row.take())
}
