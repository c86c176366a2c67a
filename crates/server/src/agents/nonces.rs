//! Numbers that were used to sign, for as long as a signature with them would be taken: none is taken twice.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rampart_protocol::signature::WINDOW_MILLISECONDS;

use crate::Problem;

/// Ten minutes of two thousand agents that ask every second; more would be an attack.
const MOST: usize = 1 << 20;

#[derive(Debug, Default)]
pub(crate) struct Nonces {
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    /// By agent and number: when it may be forgotten, in milliseconds.
    ends: HashMap<(String, [u8; 16]), i64>,
    swept: i64,
}

impl Nonces {
    /// Uses a number.
    ///
    /// # Errors
    /// It was used before, or too many are in use.
    pub(super) fn take(&self, agent: &str, nonce: [u8; 16], now: Timestamp) -> Result<(), Problem> {
        let now = now.as_millisecond();
        // A signature may be of the future by one window and is old one window later.
        let keep = i64::try_from(WINDOW_MILLISECONDS * 2).unwrap_or(i64::MAX);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(used.swept) > 30_000 || used.ends.len() >= MOST {
            used.ends.retain(|_, end| *end > now);
            used.swept = now;
        }
        if used.ends.len() >= MOST {
            return Err(Problem::unavailable("too many signed requests at once: try again in a moment"));
        }
        match used.ends.insert((agent.to_owned(), nonce), now.saturating_add(keep)) {
            Some(end) if end > now => {
                Err(Problem::new(http::StatusCode::UNAUTHORIZED, "replayed", "this request was sent before"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_once_by_each_agent_until_its_signature_is_old() {
        let nonces = Nonces::default();
        let at = |second: i64| Timestamp::from_second(1_000_000 + second).unwrap();
        assert!(nonces.take("a", [1; 16], at(0)).is_ok());
        assert_eq!(nonces.take("a", [1; 16], at(1)).unwrap_err().code, "replayed");
        assert!(nonces.take("b", [1; 16], at(1)).is_ok() && nonces.take("a", [2; 16], at(1)).is_ok());
        assert!(nonces.take("c", [1; 16], at(700)).is_ok());
        assert_eq!(nonces.used.lock().unwrap().ends.len(), 1, "what is old is forgotten");
    }
}
