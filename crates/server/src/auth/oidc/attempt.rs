//! What the plane must remember between sending a browser to the identity provider and its return. It travels in a sealed cookie:
//! any replica can go on, nothing is stored for whoever never comes back, and no other browser can finish what this one began.

use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};
use rampart_store::SealKey;
use serde::{Deserialize, Serialize};

/// How long somebody may take at the provider.
pub const SECONDS: i64 = 15 * 60;
const PURPOSE: &str = "sign-in attempt";

/// One attempt to sign in.
pub struct Attempt {
    pub state: CsrfToken,
    pub nonce: Nonce,
    pub verifier: PkceCodeVerifier,
    /// Where to go in the plane afterwards.
    pub then: String,
    /// In seconds; a cookie is not trusted to end by itself.
    pub ends: i64,
    /// The provider that it was begun with, should it be changed meanwhile.
    pub issuer: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    state: String,
    nonce: String,
    verifier: String,
    then: String,
    ends: i64,
    issuer: String,
}

impl Attempt {
    /// The value of the cookie.
    pub fn sealed(&self, seal: &SealKey) -> Option<String> {
        let kept = Kept {
            state: self.state.secret().clone(),
            nonce: self.nonce.secret().clone(),
            verifier: self.verifier.secret().clone(),
            then: self.then.clone(),
            ends: self.ends,
            issuer: self.issuer.clone(),
        };
        seal.seal(PURPOSE, &serde_json::to_string(&kept).ok()?).ok()
    }

    /// None where this plane did not make it, or too long ago.
    pub fn opened(seal: &SealKey, cookie: &str, now: i64) -> Option<Self> {
        let kept: Kept = serde_json::from_str(seal.open(PURPOSE, cookie).ok()?.expose()).ok()?;
        (kept.ends > now).then(|| Self {
            state: CsrfToken::new(kept.state),
            nonce: Nonce::new(kept.nonce),
            verifier: PkceCodeVerifier::new(kept.verifier),
            then: kept.then,
            ends: kept.ends,
            issuer: kept.issuer,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(ends: i64) -> Attempt {
        Attempt {
            state: CsrfToken::new("s".to_owned()),
            nonce: Nonce::new("n".to_owned()),
            verifier: PkceCodeVerifier::new("v".to_owned()),
            then: "/findings".to_owned(),
            ends,
            issuer: "https://id.example".to_owned(),
        }
    }

    #[test]
    fn an_attempt_comes_back_only_with_its_seal_and_in_time() {
        let (seal, other) =
            (SealKey::from_text(&"11".repeat(32)).unwrap(), SealKey::from_text(&"22".repeat(32)).unwrap());
        let cookie = attempt(100).sealed(&seal).unwrap();
        let back = Attempt::opened(&seal, &cookie, 99).unwrap();
        assert_eq!((back.state.secret().as_str(), back.then.as_str()), ("s", "/findings"));
        assert!(Attempt::opened(&seal, &cookie, 100).is_none(), "too late");
        assert!(Attempt::opened(&other, &cookie, 0).is_none(), "another plane");
        assert!(!cookie.contains("findings"));
    }
}
