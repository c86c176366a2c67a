//! Signing in a program without a browser: it shows a short code, and a person who is signed in types it elsewhere.

use jiff::{SignedDuration, Timestamp};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::secret::{self, Secret};
use crate::tx::Tx;
use crate::{audit, hex, values};

/// Without vowels, so that no words come out, and without letters that look alike.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Seconds between two questions of the program.
pub const INTERVAL: u32 = 5;
pub const LIFE: SignedDuration = SignedDuration::from_mins(10);

pub struct Device {
    /// For the program.
    pub device_code: Secret,
    /// For the person, such as `BDWP-HQPK`.
    pub user_code: String,
}

/// What a program that asks again is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Pending,
    /// It asks more often than it was told.
    SlowDown,
    /// The user's id. Said once.
    Granted(String),
    Refused,
    /// Unknown, spent or over.
    Expired,
}

/// # Errors
/// The database refuses.
pub fn start(tx: &mut Tx<'_>, now: Timestamp) -> Result<Device, Failure> {
    tx.execute("DELETE FROM device_code WHERE expires <= ?1", values![now])?;
    let device = Device { device_code: Secret::random("")?, user_code: user_code()? };
    tx.execute(
        "INSERT INTO device_code (hash, user_code, state, expires) VALUES (?1, ?2, 'pending', ?3)",
        values![device.device_code.hash(), hashed(&device.user_code), now.saturating_add(LIFE).unwrap_or(now)],
    )?;
    Ok(device)
}

/// The person says yes or no.
///
/// # Errors
/// The code is unknown, answered or over.
pub fn answer(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    user_code: &str,
    granted: bool,
    now: Timestamp,
) -> Result<(), Failure> {
    let state = if granted { "granted" } else { "refused" };
    let sql =
        "UPDATE device_code SET state = ?1, user_id = ?2 WHERE user_code = ?3 AND state = 'pending' AND expires > ?4";
    if tx.execute(sql, values![state, actor.id, hashed(user_code), now])? == 0 {
        return Err(Failure::missing("such code: it was mistyped, answered or is over"));
    }
    audit::done(tx, now, actor, &format!("device.{state}"), actor.name, serde_json::Value::Null)
}

/// The program asks. A grant is given out once.
///
/// # Errors
/// The database refuses.
pub fn ask(tx: &mut Tx<'_>, device_code: &Secret, now: Timestamp) -> Result<Answer, Failure> {
    let hash = device_code.hash();
    let spent = tx.first(
        "UPDATE device_code SET state = 'spent' WHERE hash = ?1 AND state = 'granted' AND expires > ?2 RETURNING user_id",
        values![&hash, now],
        |row| row.take::<String>(),
    )?;
    if let Some(user) = spent {
        return Ok(Answer::Granted(user));
    }
    let found = tx.first(
        "SELECT state, last_asked FROM device_code WHERE hash = ?1 AND expires > ?2",
        values![&hash, now],
        |row| Ok((row.take::<String>()?, row.take::<Option<Timestamp>>()?)),
    )?;
    let Some((state, last)) = found else { return Ok(Answer::Expired) };
    tx.execute("UPDATE device_code SET last_asked = ?1 WHERE hash = ?2", values![now, &hash])?;
    // One second of grace for the way here.
    let too_soon = SignedDuration::from_secs(i64::from(INTERVAL) - 1);
    Ok(match state.as_str() {
        "pending" if last.is_some_and(|last| now.duration_since(last) < too_soon) => Answer::SlowDown,
        "pending" => Answer::Pending,
        "refused" => Answer::Refused,
        _ => Answer::Expired,
    })
}

fn user_code() -> Result<String, Failure> {
    let mut code = String::with_capacity(9);
    while code.len() < 9 {
        let [byte] = secret::random::<1>()?;
        // 240 is the largest multiple of 20 in a byte: above it some letters would come more often.
        if byte < 240 {
            if code.len() == 4 {
                code.push('-');
            }
            code.extend(LETTERS.get(usize::from(byte % 20)).map(|letter| char::from(*letter)));
        }
    }
    Ok(code)
}

/// However the person types it.
fn hashed(user_code: &str) -> String {
    let letters: String =
        user_code.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase()).collect();
    hex::sha256(letters.as_bytes())
}
