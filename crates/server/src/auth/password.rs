//! Passwords of local administrators: argon2id, and the same work for a name that does not exist as for one that does.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use rampart_store::{Concealed, Secret};
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::sync::Semaphore;

pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 256;

/// What a password hash is compared with where nobody has that name: a hash that no password gives.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashing takes 19 MB and some ten milliseconds of a processor each time; so few at once, away from the threads of requests.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(2)) }
    }
}

/// The work could not be done: shutting down, or no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unhashable;

impl Passwords {
    pub async fn hash(&self, password: Secret) -> Result<Concealed, Unhashable> {
        self.work(move || {
            let mut salt = [0; 16];
            SystemRandom::new().fill(&mut salt).map_err(|_| Unhashable)?;
            let hash = Argon2::default().hash_password_with_salt(password.expose().as_bytes(), &salt);
            Ok(Concealed::new(hash.map_err(|_| Unhashable)?.to_string()))
        })
        .await
    }

    /// Whether `password` gives `hash`. Without a hash the same work is done and the answer is no.
    pub async fn verify(&self, password: Secret, hash: Option<Concealed>) -> Result<bool, Unhashable> {
        self.work(move || {
            let known = hash.is_some();
            let text = hash.as_ref().map_or(NOBODY, Concealed::expose);
            let parsed = PasswordHash::new(text).map_err(|_| Unhashable)?;
            let right = Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok();
            Ok(right && known)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Unhashable> + Send + 'static,
    ) -> Result<T, Unhashable> {
        let _turn = self.turns.acquire().await.map_err(|_| Unhashable)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Unhashable)?
    }
}

/// Why a password is not taken.
pub fn refusal(password: &str, name: &str) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!(
            "the password is too short: at least {SHORTEST} characters, such as four unrelated words"
        ));
    }
    if length > LONGEST {
        return Some(format!("the password is too long: at most {LONGEST} characters"));
    }
    let distinct = password.chars().collect::<std::collections::HashSet<_>>().len();
    let lower = password.to_lowercase();
    let names = !name.is_empty() && lower.replace(&name.to_lowercase(), "").chars().count() < SHORTEST / 2;
    if distinct < 5 || names || lower.starts_with("password") {
        return Some("the password is too easy to guess: use four unrelated words".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use rampart_store::Concealed;

    use super::{Passwords, refusal};
    use rampart_store::Secret;

    #[tokio::test]
    async fn only_the_same_password_gives_the_hash() {
        let passwords = Passwords::default();
        let hash = passwords.hash(Secret::presented("correct horse battery")).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            passwords
                .verify(Secret::presented("correct horse battery"), Some(Concealed::new(hash.expose().to_owned())))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(Secret::presented("correct horse batterz"), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!Passwords::default().verify(Secret::presented("anything"), None).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        for (password, name) in [
            ("short", "root"),
            ("aaaaaaaaaaaaaaaa", "root"),
            ("administrator", "administrator"),
            ("Password12345", "root"),
        ] {
            assert!(refusal(password, name).is_some(), "{password}");
        }
        assert!(refusal(&"ab3".repeat(200), "root").is_some());
        assert_eq!(refusal("correct horse battery", "root"), None);
    }
}
