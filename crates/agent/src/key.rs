//! The agent's own key: made here, never leaves this machine, signs every request.

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

/// A private key. It cannot be printed or serialized but to its file.
pub struct AgentKey {
    pair: KeyPair,
    signer: EcdsaKeyPair,
}

impl AgentKey {
    /// # Errors
    /// The system has no random numbers.
    pub fn generate() -> Result<Self, String> {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256);
        Self::of(pair.map_err(|error| format!("no key can be made: {error}"))?)
    }

    /// # Errors
    /// The text holds no key of the right kind.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let pair = KeyPair::from_pem_and_sign_algo(text, &PKCS_ECDSA_P256_SHA256);
        Self::of(pair.map_err(|error| format!("the key cannot be used: {error}"))?)
    }

    fn of(pair: KeyPair) -> Result<Self, String> {
        let signer =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pair.serialized_der(), &SystemRandom::new())
                .map_err(|error| format!("the key cannot be used: {error}"))?;
        Ok(Self { pair, signer })
    }

    /// For the file that only this agent may read, and for TLS.
    pub(crate) fn expose_pem(&self) -> String {
        self.pair.serialize_pem()
    }

    /// A request for a certificate, in PEM. Its name means nothing: the plane gives one.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn request(&self) -> Result<String, String> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "rampart agent");
        let request = params.serialize_request(&self.pair).and_then(|request| request.pem());
        request.map_err(|error| format!("no certificate request can be made: {error}"))
    }

    /// # Errors
    /// The system has no random numbers.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let signature = self.signer.sign(&SystemRandom::new(), bytes);
        signature.map(|signature| signature.as_ref().to_vec()).map_err(|error| format!("cannot sign: {error}"))
    }
}

/// A number that is used once.
///
/// # Errors
/// The system has no random numbers.
pub(crate) fn nonce() -> Result<[u8; 16], String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "the system gives no random numbers".to_owned())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    #[test]
    fn what_a_key_signs_its_public_half_verifies_also_after_a_restart() {
        let key = AgentKey::generate().unwrap();
        let again = AgentKey::from_pem(&key.expose_pem()).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.pair.public_key_raw().to_vec());
        assert_eq!(public.verify(b"x", &again.sign(b"x").unwrap()), Ok(()));
        assert!(public.verify(b"y", &again.sign(b"x").unwrap()).is_err());
        assert!(key.request().unwrap().contains("BEGIN CERTIFICATE REQUEST"));
        assert_eq!(nonce().unwrap().len(), 16);
    }
}
