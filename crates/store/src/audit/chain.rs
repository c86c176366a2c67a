//! How an entry is hashed: every field with its length before it, so that no two entries are written the same way.

use sha2::{Digest, Sha256};

use crate::hex;

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const DOMAIN: &str = "rampart.audit/v1";

/// An entry as it is stored. `at` is microseconds since 1970 in UTC; `detail` is the stored text, byte for byte.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub seq: u64,
    pub at: i64,
    pub actor: &'a str,
    pub action: &'a str,
    pub object: &'a str,
    pub outcome: &'a str,
    pub detail: &'a str,
    /// The hash of the entry before.
    pub previous: &'a str,
}

impl Link<'_> {
    pub fn hash(&self) -> String {
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let fields =
            [DOMAIN, &seq, &at, self.actor, self.action, self.object, self.outcome, self.detail, self.previous];
        let mut hasher = Sha256::new();
        for field in fields {
            let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
            hasher.update(length.to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hex::encode(&hasher.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::{GENESIS, Link};

    fn link<'a>(actor: &'a str, action: &'a str) -> Link<'a> {
        Link { seq: 1, at: 2, actor, action, object: "w-1", outcome: "allowed", detail: "{}", previous: GENESIS }
    }

    #[test]
    fn moving_a_letter_between_fields_changes_the_hash() {
        assert_ne!(link("ab", "c").hash(), link("a", "bc").hash());
        assert_ne!(link("ab", "c").hash(), Link { seq: 2, ..link("ab", "c") }.hash());
        assert_eq!(GENESIS.len(), 64);
    }

    #[test]
    fn the_encoding_stays_what_it_was() {
        assert_eq!(
            link("ada", "waiver.approve").hash(),
            "e0b1de8e717e12902be164f85f789d9ed53a451c9a1cba10c0071bb0c8306e0c"
        );
    }
}
