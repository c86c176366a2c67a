//! What changed since somebody looked last, in a few cheap questions: how one replica hears of what another one did.

use jiff::Timestamp;

use crate::failure::Failure;
use crate::tx::Tx;
use crate::values;

/// How far the history had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    drift: i64,
    trail: i64,
    evaluated: Option<Timestamp>,
}

/// What happened between two pulses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Clusters whose findings changed.
    pub changed: Vec<String>,
    /// Clusters that were evaluated.
    pub evaluated: Vec<String>,
    /// Somebody did something that the trail tells of.
    pub acted: bool,
}

/// Clusters that are named; where more changed, somebody asks again anyway.
const NAMED: u64 = 200;

/// # Errors
/// The database refuses.
pub fn pulse(tx: &mut Tx<'_>) -> Result<Pulse, Failure> {
    let drift = tx.first("SELECT COALESCE(MAX(seq), 0) FROM drift", &[], |row| row.take())?;
    let trail = tx.first("SELECT seq FROM audit_head WHERE id = 1", &[], |row| row.take())?;
    let evaluated = tx.first("SELECT MAX(last_evaluation) FROM cluster", &[], |row| row.take())?;
    Ok(Pulse { drift: drift.unwrap_or(0), trail: trail.unwrap_or(0), evaluated: evaluated.flatten() })
}

/// # Errors
/// The database refuses.
pub fn since(tx: &mut Tx<'_>, before: Pulse) -> Result<(Pulse, News), Failure> {
    let now = pulse(tx)?;
    if now == before {
        return Ok((now, News::default()));
    }
    let changed = tx.query(
        "SELECT DISTINCT c.name FROM drift d JOIN cluster c ON c.id = d.cluster WHERE d.seq > ?1 LIMIT ?2",
        values![before.drift, NAMED],
        |row| row.take(),
    )?;
    let evaluated = tx.query(
        "SELECT name FROM cluster WHERE last_evaluation > ?1 LIMIT ?2",
        values![before.evaluated.unwrap_or(Timestamp::UNIX_EPOCH), NAMED],
        |row| row.take(),
    )?;
    Ok((now, News { changed, evaluated, acted: now.trail != before.trail }))
}

#[cfg(test)]
mod tests {
    use crate::contract::on_each;
    use crate::{Actor, setting};

    #[test]
    fn an_act_is_news_once() {
        on_each(|store| {
            let before = store.read(super::pulse).unwrap();
            let now = "2026-11-25T00:00:00Z".parse().unwrap();
            store.write(|tx| setting::set(tx, &Actor::PLANE, "a", &1, now)).unwrap();
            let (after, news) = store.read(|tx| super::since(tx, before)).unwrap();
            assert!(news.acted && news.changed.is_empty());
            assert_eq!(store.read(|tx| super::since(tx, after)).unwrap(), (after, super::News::default()));
        });
    }
}
