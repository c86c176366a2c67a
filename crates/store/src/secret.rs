//! Secrets that the plane hands out. Only their hashes are stored; the text is shown once and lives in a type that
//! neither debug output nor JSON can show.

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use crate::failure::Failure;
use crate::hex;

/// A bearer secret in clear. `expose` is the one way to its text.
pub struct Secret(String);

impl Secret {
    /// 256 random bits after `prefix`, which tells a scanner of leaks what it found.
    pub(crate) fn random(prefix: &str) -> Result<Self, Failure> {
        let bytes: [u8; 32] = random()?;
        Ok(Self(format!("{prefix}{}", hex::encode(&bytes))))
    }

    /// What a caller presented.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up. The secrets are random and long: a fast hash is enough, and looking up by it
    /// leaks nothing by time.
    pub fn hash(&self) -> String {
        hex::sha256(self.0.as_bytes())
    }

    /// Another secret that belongs to this one, known only to who holds it.
    pub fn derive(&self, purpose: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        Self(hex::encode(hmac::sign(&key, purpose.as_bytes()).as_ref()))
    }

    /// Compares hashes, so that the time says nothing of where two texts differ.
    pub fn is(&self, other: &str) -> bool {
        self.hash() == hex::sha256(other.as_bytes())
    }
}

/// Text that stands in the store but never in a log or an answer: a password's hash.
pub struct Concealed(String);

impl Concealed {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    let source = SystemRandom::new();
    source.fill(&mut bytes).map_err(|_| Failure::other("the system gives no random numbers"))?;
    Ok(bytes)
}

/// A short id for a row that people see: 80 random bits after a prefix that says of what.
pub(crate) fn id(prefix: &str) -> Result<String, Failure> {
    let bytes: [u8; 10] = random()?;
    Ok(format!("{prefix}-{}", hex::encode(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn two_secrets_differ_and_are_long() {
        let (one, two) = (Secret::random("rmp_").unwrap(), Secret::random("rmp_").unwrap());
        assert_ne!(one.expose(), two.expose());
        assert_eq!(one.expose().len(), 68);
        assert!(one.is(one.expose()) && !one.is(two.expose()));
    }

    #[test]
    fn what_is_derived_depends_on_secret_and_purpose() {
        let secret = Secret::presented("a");
        assert_ne!(secret.derive("csrf").expose(), secret.derive("other").expose());
        assert_ne!(secret.derive("csrf").expose(), Secret::presented("b").derive("csrf").expose());
        assert!(!secret.derive("csrf").expose().contains(secret.expose()) || secret.expose().len() == 1);
    }
}
