//! Requests that are signed with the agent's key, for when something between agent and plane ends TLS.
//!
//! Signed are the method, the path with its query, the time, a number that is used once, and the body's hash.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// The header with a [`Signature`].
pub const HEADER: &str = "rampart-signature";

/// The header of every answer to an agent: the plane's time, in milliseconds since 1970.
pub const TIME_HEADER: &str = "rampart-time";

/// How far the time of a signature may be from the plane's.
pub const WINDOW_MILLISECONDS: u64 = 5 * 60 * 1000;

/// Who signs, when, and the signature itself: ECDSA over P-256 with SHA-256, both halves after each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub agent: String,
    /// Milliseconds since 1970, by the plane's clock as far as the agent knows it.
    pub time: u64,
    pub nonce: [u8; 16],
    pub bytes: Vec<u8>,
}

/// The bytes that are signed.
pub fn signed(method: &str, path_and_query: &str, time: u64, nonce: &[u8; 16], body: &[u8]) -> Vec<u8> {
    let hash: [u8; 32] = Sha256::digest(body).into();
    format!("rampart-1\n{method}\n{path_and_query}\n{time}\n{}\n{}\n", hex(nonce), hex(&hash)).into_bytes()
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}:{}", self.agent, self.time, hex(&self.nonce), hex(&self.bytes))
    }
}

impl FromStr for Signature {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "the signature is not AGENT:TIME:NONCE:SIGNATURE".to_owned();
        let parts: Vec<&str> = text.split(':').collect();
        let [agent, time, nonce, bytes] = parts.as_slice() else { return Err(wrong()) };
        Ok(Self {
            agent: (*agent).to_owned(),
            time: time.parse().map_err(|_| wrong())?,
            nonce: unhex(nonce).and_then(|nonce| nonce.try_into().ok()).ok_or_else(wrong)?,
            bytes: unhex(bytes).filter(|bytes| bytes.len() == 64).ok_or_else(wrong)?,
        })
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_reads_back_and_nothing_else_does() {
        let signature = Signature { agent: "a-1".to_owned(), time: 7, nonce: [1; 16], bytes: vec![255; 64] };
        assert_eq!(signature.to_string().parse(), Ok(signature.clone()));
        let text = signature.to_string();
        for wrong in ["", "a:1:2", "a:x:00:00", &text.replace("ff", "fg"), &format!("{text}:"), &format!("{text}0")] {
            assert!(wrong.parse::<Signature>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_part_of_a_request_counts() {
        let base = signed("POST", "/a?b", 1, &[0; 16], b"x");
        let others = [
            signed("GET", "/a?b", 1, &[0; 16], b"x"),
            signed("POST", "/a?c", 1, &[0; 16], b"x"),
            signed("POST", "/a?b", 2, &[0; 16], b"x"),
            signed("POST", "/a?b", 1, &[1; 16], b"x"),
            signed("POST", "/a?b", 1, &[0; 16], b"y"),
        ];
        assert!(others.iter().all(|other| *other != base));
    }
}
